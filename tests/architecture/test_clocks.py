"""Whoever takes the time says by which of the two clocks; mypy then names each call that hands over the other one."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BY = {"now": {"BusinessTime", "RealTime"}, "real_now": {"RealTime"}}
# A day on a page, and the log's own clock, which may be any steady one.
NEITHER = {"datetime", "float"}


def untold(source: str) -> Iterator[str]:
    """Parameters and fields of such a name that do not say by which clock; beside `real_now`, `now` is the other."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            found = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            told = {one.arg: ast.unparse(one.annotation) if one.annotation else "" for one in found}
        elif isinstance(node, ast.ClassDef):
            fields = (one for one in node.body if isinstance(one, ast.AnnAssign))
            told = {ast.unparse(one.target): ast.unparse(one.annotation) for one in fields}
        else:
            continue
        both = {"now", "real_now"} <= told.keys()
        for name in BY.keys() & told.keys():
            clock = told[name].removeprefix("Callable[[], ").removesuffix("]")
            if clock not in BY[name] | NEITHER or (both and name == "now" and clock == "RealTime"):
                yield f"{node.name}({name}: {told[name]})"


def test_all_that_takes_the_time_says_by_which_clock() -> None:
    files = sorted((ROOT / "chalicelib").rglob("*.py"))
    assert [found for file in files for found in untold(file.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    "wrong",
    [
        "def due(now: int) -> bool: ...",
        "def due(now) -> bool: ...",
        "def signed(*, real_now: BusinessTime) -> bool: ...",
        "def both(now: RealTime, real_now: RealTime) -> bool: ...",
        "class Run:\n    now: Callable[[], int]",
    ],
)
def test_what_does_not_say_so_is_found(wrong: str) -> None:
    assert len(list(untold(wrong))) == 1


def test_what_says_so_is_not() -> None:
    told = "def due(now: RealTime): ...\nclass Run:\n    now: Callable[[], BusinessTime]\n    real_now: RealTime"
    assert list(untold(told)) == []
