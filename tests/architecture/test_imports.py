"""House rules that a reader of the code relies on, checked on the source itself."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OUTSIDE = {"elements", "localdev", "ops", "bench", "testkit", "tests"}
LONGEST = 320  # lines a file: most are under 300, and none is split to keep a count

# The rooms of `chalicelib` from the ground up, single modules among them. Each may import what stands before it.
ORDER = (
    *("VERSION", "version", "settings", "colours", "observing", "kernel", "i18n", "templating", "newsroom"),
    *(
        "article_html",
        "ledger",
        "supporters",
        "checkouts",
        "mail",
        "inbox",
        "booking",
        "reconciling",
        "closing",
        "aws",
    ),
    *(
        "rails",
        "wiring",
        "http",
        "machines",
        "articles",
        "metering",
        "reading",
        "signing_in",
        "gift_links",
        "undo",
        "giving",
    ),
    *("changing", "receipts", "leaving", "reminders", "account", "privacy", "rebuild", "upgrade", "upkeep", "jobs"),
)
# Within a room: each layer may import those before it, and itself.
LAYERS = ("rules", "rows", "actions", "views")
# Rules decide, and ask nobody: no table, no provider, no clock, no page, no log. They may use other rooms' rules.
PURE = {"kernel", "newsroom", "rules"}
IMPURE_KERNEL = {"table", "keys", "schema", "failures_item", "rate_limits", "client_limits"}
ONLY_TYPES = {"chalicelib.booking.rail"}
CLOCKS = {"time", "datetime.datetime.now", "boto3", "botocore", "stripe", "requests", "random", "secrets"}
# The named escapes, each with its reason.
ESCAPES: dict[tuple[str, str], str] = {}
LONGER = {
    "chalicelib/kernel/keys.py": "every key of the table, in one place",
    "chalicelib/http/routes.py": "the API at a glance: one table, an entry a route (decision 0079)",
    "tests/widget/test_wall.py": "one story a test, all on one page",
}


def imported(source: str) -> Iterator[str]:
    """Every module that a source imports, dotted, with what it takes from it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written out"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def layer_of(parts: tuple[str, ...]) -> str | None:
    """The layer that a path or a dotted name within a room belongs to; None where a room has no such layers."""
    return next((part.removesuffix(".py") for part in parts[1:2] if part.removesuffix(".py") in LAYERS), None)


def wrong_imports(path: str, source: str) -> list[str]:
    """What this file of ours must not import."""
    parts = tuple(Path(path).parts[1:])
    room, layer = parts[0].removesuffix(".py"), layer_of(parts)
    return [
        name
        for name in imported(source)
        if _is_outside(name)
        or (name.startswith("chalicelib.") and not _points_down(path, room, layer, tuple(name.split(".")[1:])))
        or (layer == "rules" and _is_impure(name))
    ]


def _is_outside(name: str) -> bool:
    return name.partition(".")[0] in {*OUTSIDE, "chalice"}


def _points_down(path: str, room: str, layer: str | None, target: tuple[str, ...]) -> bool:
    if (path, target[0]) in ESCAPES:
        return True
    if target[0] != room:
        return ORDER.index(target[0]) < ORDER.index(room)
    other = layer_of(target)
    return layer is None or other is None or LAYERS.index(other) <= LAYERS.index(layer)


def _is_impure(name: str) -> bool:
    top, _, rest = name.partition(".")
    if top != "chalicelib":
        return top in CLOCKS or name in CLOCKS
    if name.rpartition(".")[0] in ONLY_TYPES:
        return False
    room, _, inside = rest.partition(".")
    if room == "kernel":
        return inside.partition(".")[0] in IMPURE_KERNEL
    return room not in PURE and inside.partition(".")[0] != "rules"


PACKAGED = sorted((ROOT / "chalicelib").rglob("*.py"))
ALL = [*PACKAGED, ROOT / "app.py", *(f for d in sorted(OUTSIDE) for f in sorted((ROOT / d).rglob("*.py")))]


def test_imports_point_down() -> None:
    """From room to room in the order above, within a room from layer to layer, and nobody's rules to the outside."""
    wrong = {}
    for file in PACKAGED:
        path = file.relative_to(ROOT).as_posix()
        if path != "chalicelib/__init__.py" and (found := wrong_imports(path, file.read_text(encoding="utf-8"))):
            wrong[path] = found
    assert not wrong, "These imports point up, or from rules to what is not pure; see docs/architecture.md"


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("chalicelib/kernel/money.py", "import chalicelib.ledger.rows.entries"),
        ("chalicelib/kernel/money.py", "from chalicelib.aws import dynamodb"),
        ("chalicelib/ledger/rows/entries.py", "from chalicelib.rails.stripe.port import Stripe"),
        ("chalicelib/booking/actions/apply.py", "def f():\n    from chalicelib.http.call import Call"),
        ("chalicelib/booking/actions/apply.py", "from chalicelib.wiring import Wiring"),
        ("chalicelib/reading/rules/paywall.py", "from chalicelib.reading.actions import check_access"),
        ("chalicelib/reading/rules/paywall.py", "from chalicelib.kernel.table import Table"),
        ("chalicelib/reading/rules/passes.py", "import time"),
        ("chalicelib/reading/rows/articles.py", "from chalicelib.reading.views import access"),
        ("chalicelib/reading/views/access.py", "from chalicelib.giving.views import thanks"),
        ("chalicelib/booking/rules/decide.py", "from chalicelib.supporters.rows import supporters"),
        ("chalicelib/http/call.py", "from chalice import Chalice"),
        ("chalicelib/jobs.py", "import localdev.ports"),
        ("chalicelib/wiring.py", "import ops"),
        ("chalicelib/settings.py", "from chalicelib import wiring"),
    ],
)
def test_an_import_that_points_up_is_noticed(path: str, source: str) -> None:
    """The negative control of the test above."""
    assert wrong_imports(path, source)


# Ids that Stripe gives, and the one place outside its room that reads a stored row by one.
STRIPES_IDS = re.compile(r"(pi|re|pyr|txn|ch|py|dp|du|in|sub|cus|cs|evt)_")
READS_ROWS = {"chalicelib/checkouts/rows/checkouts.py"}


def words_of_stripe(source: str) -> list[str]:
    """What only Stripe's room may hold: its objects, and text that begins as its ids do."""
    tree = ast.parse(source)
    sayings = [node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)]
    text = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and node not in sayings]
    ids = [node.value for node in text if isinstance(node.value, str) and STRIPES_IDS.fullmatch(node.value)]
    return ids + [name for name in imported(source) if name.startswith("chalicelib.rails.stripe.events.")]


def test_only_stripes_room_knows_its_objects_and_ids() -> None:
    room = ROOT / "chalicelib" / "rails" / "stripe"
    found = {
        path: words
        for file in PACKAGED
        if room not in file.parents
        and (path := file.relative_to(ROOT).as_posix()) not in READS_ROWS
        and (words := words_of_stripe(file.read_text(encoding="utf-8")))
    }
    assert not found
    assert words_of_stripe((room / "rail.py").read_text(encoding="utf-8")), "the control: here they are"


def test_every_room_stands_in_the_order() -> None:
    found = {path.relative_to(ROOT / "chalicelib").parts[0].removesuffix(".py") for path in PACKAGED} - {"__init__"}
    assert found == set(ORDER) - {"VERSION"}


def test_chalice_stays_at_the_edge() -> None:
    files = [
        f for f in PACKAGED if any(name.partition(".")[0] == "chalice" for name in imported(f.read_text("utf-8")))
    ]
    assert files == []
    assert any(name.startswith("chalice.") for name in imported((ROOT / "app.py").read_text("utf-8")))


def test_a_file_holds_one_idea() -> None:
    long = {
        path: lines
        for file in ALL
        if (lines := len(file.read_text(encoding="utf-8").splitlines())) > LONGEST
        and (path := file.relative_to(ROOT).as_posix()) not in LONGER
    }
    assert not long, "Split these by what they tell."


def test_escapes_are_still_needed() -> None:
    for path, name in ESCAPES:
        source = (ROOT / path).read_text(encoding="utf-8")
        assert any(module.startswith(f"chalicelib.{name}") for module in imported(source)), path
    for path in LONGER:
        assert not (ROOT / path).exists() or len((ROOT / path).read_text("utf-8").splitlines()) > LONGEST, path
