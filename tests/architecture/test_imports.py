"""House rules that a reader of the code relies on, checked on the source itself."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OUTSIDE = {"localdev", "ops", "bench", "tests"}
LONGEST = 300  # lines a file

OBSERVING = {"log", "metrics", "watching"}
# Imports point inwards. What a layer may use of ours, beside itself:
ALLOWED = {
    "domain": set[str](),
    "store": {"domain"},
    "actions": {
        "domain",
        "article_html",
        "store",
        "stripe_events",
        "settings",
        "letters",
        "mails",
        *OBSERVING,
        "i18n",
        "ports",
    },
    "stripe_events": {"domain", "ports"},
    "gateways": {"domain", "store", "ports", "settings", *OBSERVING},
    "article_html": {"domain"},
    "i18n": {"domain"},
    "mails": set(),
    "letters": {"domain", "mails", "i18n", "templating", "colours"},
    "web": {
        "domain",
        "store",
        "actions",
        "article_html",
        "i18n",
        "settings",
        "wiring",
        *OBSERVING,
        "ports",
        "templating",
        "colours",
        "letters",
        "mails",
        "VERSION",
        "version",
    },
    "jobs": {"actions", "wiring", *OBSERVING},
    **dict.fromkeys(OBSERVING, OBSERVING),
}
# The named escapes, each with its reason.
ESCAPES = {
    ("actions/assemble.py", "wiring"): "takes the actions' dependencies from the wiring, for web and jobs alike",
    ("actions/sweep.py", "wiring"): "is called by schedule with nothing but the wiring",
}
PLAIN = {
    "chalicelib/settings.py",
    "chalicelib/colours.py",
    "chalicelib/ports.py",
}  # these import nothing of ours
LONGER = {
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


def wrong_imports(path: str, source: str) -> list[str]:
    """What this file of ours must not import."""
    inside = path.removeprefix("chalicelib/")
    layer = inside.partition("/")[0].removesuffix(".py")
    wrong = []
    for name in imported(source):
        top, _, rest = name.partition(".")
        ours = rest.partition(".")[0]
        outward = top == "chalicelib" and layer in ALLOWED and ours not in ALLOWED[layer] | {layer}
        if top in OUTSIDE or top == "chalice" or (outward and (inside, ours) not in ESCAPES):
            wrong.append(name)
        if top == "chalicelib" and path in PLAIN:
            wrong.append(name)
    return wrong


PACKAGED = sorted((ROOT / "chalicelib").rglob("*.py"))
ALL = [*PACKAGED, ROOT / "app.py", *(f for d in sorted(OUTSIDE) for f in sorted((ROOT / d).rglob("*.py")))]


@pytest.mark.parametrize("file", PACKAGED, ids=lambda file: str(file.relative_to(ROOT)))
def test_imports_point_inwards(file: Path) -> None:
    path = file.relative_to(ROOT).as_posix()
    wrong = wrong_imports(path, file.read_text(encoding="utf-8"))
    assert not wrong, (
        f"{path} must not import {wrong}: domain <- store <- actions <- web, jobs; see docs/architecture.md"
    )


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("chalicelib/domain/money.py", "import chalicelib.store.keys"),
        ("chalicelib/domain/money.py", "from chalicelib.gateways import dynamodb"),
        ("chalicelib/store/keys.py", "from chalicelib.ports import Stripe"),
        ("chalicelib/actions/grant.py", "def f():\n    from chalicelib.web.http import Call"),
        ("chalicelib/actions/grant.py", "from chalicelib.wiring import Wiring"),
        ("chalicelib/web/http.py", "from chalicelib.gateways.dynamodb import DynamoTable"),
        ("chalicelib/web/http.py", "from chalice import Chalice"),
        ("chalicelib/jobs.py", "import localdev.ports"),
        ("chalicelib/wiring.py", "import ops"),
        ("chalicelib/settings.py", "from chalicelib import wiring"),
    ],
)
def test_an_import_that_points_outwards_is_noticed(path: str, source: str) -> None:
    """The negative control of the test above."""
    assert wrong_imports(path, source)


def test_chalice_stays_at_the_edge() -> None:
    files = [
        f for f in PACKAGED if any(name.partition(".")[0] == "chalice" for name in imported(f.read_text("utf-8")))
    ]
    assert files == []
    assert any(name.startswith("chalice.") for name in imported((ROOT / "app.py").read_text("utf-8")))


@pytest.mark.parametrize("file", ALL, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_file_holds_one_idea(file: Path) -> None:
    path = file.relative_to(ROOT).as_posix()
    lines = len(file.read_text(encoding="utf-8").splitlines())
    assert lines < LONGEST or path in LONGER, f"{path} has {lines} lines: split it by what it tells"


def test_escapes_are_still_needed() -> None:
    for inside, name in ESCAPES:
        source = (ROOT / "chalicelib" / inside).read_text(encoding="utf-8")
        assert any(module.startswith(f"chalicelib.{name}") for module in imported(source)), inside
    for path in LONGER:
        assert not (ROOT / path).exists() or len((ROOT / path).read_text("utf-8").splitlines()) >= LONGEST, path
