"""Doubles are what they stand for, as mypy sees it: where a port is meant, no `Any`, no `cast`, no `__getattr__`."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PORTS = {"stripe", "table", "mailer"}
# The named escapes, each with its reason: none of them stands for a port of ours.
ESCAPES = {
    ("ops/setup/connections.py", "stripe: Any"): "Stripe's own client with all that an operator's key may do",
    ("ops/setup/outside.py", "stripe: Any"): "the same",
    ("tests/proofs/localdev/test_supervisor.py", "table: Any"): "a fixture that is boto3's client",
    ("tests/ops/setup/conftest.py", "__getattr__"): "boto3's client for SES has no types to implement",
}


def loose(source: str, *, support: bool = False) -> Iterator[str]:
    """What mypy cannot check here. `support`: a file that other tests build on, where no `cast` stands at all."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.arg(arg=name, annotation=ast.Name("Any")) if name in PORTS:
                yield f"{name}: Any"
            case ast.AnnAssign(target=ast.Name(name), annotation=ast.Name("Any")) if name in PORTS:
                yield f"{name}: Any"
            case ast.FunctionDef(name=name, returns=ast.Name("Any")) if name in PORTS:
                yield f"{name}: Any"
            case ast.FunctionDef(name="__getattr__"):
                yield "__getattr__"
            case ast.Call(func=ast.Name("cast"), args=[ast.Constant(str(kind)), *_]) if (
                support or kind in _PORT_TYPES
            ):
                yield f"cast to {kind}"
            case ast.Attribute(attr="_installed"):
                yield "wiring._installed"
            case ast.Attribute(value=ast.Name(owner), attr="__dict__") if owner != "self":
                yield f"{owner}.__dict__"
            case _:
                pass


_PORT_TYPES = {"Stripe", "Table", "Mailer", "Any"}
FILES = [
    file
    for folder in ("testkit", "tests", "bench", "localdev", "ops")
    for file in sorted((ROOT / folder).rglob("*.py"))
]


def found(file: Path) -> list[str]:
    support = file.name == "conftest.py" or file.parent == ROOT / "testkit"
    return list(loose(file.read_text(encoding="utf-8"), support=support))


def test_doubles_are_checked_by_mypy() -> None:
    kinds = {(file.relative_to(ROOT).as_posix(), kind) for file in FILES for kind in found(file)}
    assert kinds == set(ESCAPES), "Subclass `UnexpectedStripe`, `Around` or `Outgoing`, or drop the escape."


@pytest.mark.parametrize(
    "source",
    [
        "def f(stripe: Any) -> None: ...",
        "class W(Wiring):\n    table: Any = Kept()",
        "class W(Wiring):\n    @cached_property\n    def mailer(self) -> Any: ...",
        "class Double:\n    def __getattr__(self, name: str) -> object: ...",
        'x = cast("Stripe", Double())',
        'x = cast("Any", harness.table)._dynamodb',
        "wiring._installed.clear()",
        'harness.__dict__["table"] = other',
    ],
)
def test_a_loose_double_is_noticed(source: str) -> None:
    """The negative control of the test above."""
    assert list(loose(source))


def test_a_cast_that_others_build_on_is_noticed() -> None:
    assert list(loose('x = cast("str", y)', support=True))
    assert not list(loose('x = cast("str", y)'))
