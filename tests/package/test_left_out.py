"""What is left out of the wheels is reached by nothing: by the packages' own source, and by how we use them."""

import ast
from collections.abc import Iterator
from importlib.util import find_spec, resolve_name
from pathlib import Path

import pytest

from infra.package.layout import ROOT


def source_of(package: str) -> Path:
    found = find_spec(package)
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent


def imports(source: str, within: str = "") -> Iterator[tuple[str, int]]:
    """What a module of the package `within` may import when it runs, with the line: all but for type checkers."""
    todo: list[ast.AST] = [ast.parse(source)]
    while todo:
        node = todo.pop()
        if (
            isinstance(node, ast.If)
            and "TYPE_CHECKING" in ast.unparse(node.test)
            and not isinstance(node.test, ast.UnaryOp)
        ):
            todo += node.orelse
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = resolve_name("." * node.level + (node.module or ""), within or None)
            yield module, node.lineno
            yield from ((f"{module}.{alias.name}", node.lineno) for alias in node.names)
        todo += ast.iter_child_nodes(node)


def who_imports(package: str, left_out: str) -> set[str]:
    """The modules of a package, outside of what is left out, that may import something of that."""
    root = source_of(package)
    found = set()
    for path in root.rglob("*.py"):
        name = f"{package}/{path.relative_to(root).as_posix()}"
        source = path.read_text(encoding="utf-8")
        if name.startswith(f"{left_out.replace('.', '/')}/") or left_out.rpartition(".")[2] not in source:
            continue
        within = ".".join(name.split("/")[:-1])
        if any(f"{one}.".startswith(f"{left_out}.") for one, _ in imports(source, within)):
            found.add(name)
    return found


@pytest.mark.parametrize(
    ("package", "left_out", "by"),
    [
        ("stripe", "stripe.params", set()),
        # Both look at Stripe's v2 events alone: see the next tests.
        ("stripe", "stripe.events", {"stripe/_util.py", "stripe/v2/core/_event.py"}),
        # For a type with __get_validators__, the old pydantic's way.
        ("pydantic", "pydantic.v1", {"pydantic/_internal/_generate_schema.py"}),
        ("pydantic", "pydantic.mypy", set()),
        ("babel", "babel.messages", set()),
        ("charset_normalizer", "charset_normalizer.cli", {"charset_normalizer/__main__.py"}),
    ],
)
def test_only_these_modules_import_what_is_left_out(package: str, left_out: str, by: set[str]) -> None:
    assert who_imports(package, left_out) == by


def test_a_module_that_is_used_is_seen() -> None:
    """The negative control: the measure above finds what is imported, at the top and within functions."""
    assert "stripe/__init__.py" in who_imports("stripe", "stripe._http_client")
    assert "stripe/_util.py" in who_imports("stripe", "stripe._object_classes")
    assert list(imports("if TYPE_CHECKING:\n import a\nelse:\n import b")) == [("b", 4)]
    assert list(imports("if not TYPE_CHECKING:\n import a")) == [("a", 2)]
    assert list(imports("from . import b", "a")) == [("a", 1), ("a.b", 1)]


def test_stripe_asks_for_its_events_only_where_v2_is_spoken() -> None:
    lines = (source_of("stripe") / "_util.py").read_text(encoding="utf-8").splitlines()
    at = next(number for number, line in enumerate(lines) if "from stripe.events" in line)
    assert lines[at - 1].strip() == 'elif api_mode == "V2" and klass_name == "v2.core.event":'


def test_we_speak_v1_only() -> None:
    """`client.v1.…` and nothing else of the client; no event is parsed by the SDK."""
    said = set()
    for path in [ROOT / "app.py", *(ROOT / "chalicelib").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "self._client":
                said.add((path.name, node.attr))
            if isinstance(node, ast.Attribute):
                assert node.attr not in {"parse_event_notification", "raw_request", "v2", "construct_event"}, path
    assert {attr for name, attr in said if name == "client.py"} == {"v1"}


def test_none_of_our_types_is_of_the_old_pydantic() -> None:
    for path in (ROOT / "chalicelib").rglob("*.py"):
        assert "__get_validators__" not in path.read_text(encoding="utf-8"), path
