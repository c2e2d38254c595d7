"""Names: one convention for exceptions, and one class for one name."""

import ast
import builtins
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("chalicelib", "ops", "localdev", "infra", "bench")
# The same word for two classes of one room, or for the API's schema and what it describes, each with its reason.
TWICE = {
    "Access": "the form of a gate check is the API's schema of that name",
    "ArticleWarning": "what the API answers is named as the contract has it",
    "Checkout": "the same",
    "Newsroom": "the same",
    "RecurringGift": "the same",
}


def classes(folder: str) -> dict[str, list[tuple[str, ast.ClassDef]]]:
    """Every class at the top of a module, by its name."""
    found: defaultdict[str, list[tuple[str, ast.ClassDef]]] = defaultdict(list)
    for file in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef):
                found[node.name].append((file.relative_to(ROOT).as_posix(), node))
    return found


def named_as_errors(source: str) -> list[str]:
    """Exceptions of ours whose name ends in Error."""
    theirs = {name for name in vars(builtins) if name.endswith("Error")}
    names = [node.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ClassDef)]
    return [name for name in names if name.endswith("Error") and name not in theirs]


def test_an_exception_is_named_for_what_happened() -> None:
    """`GiftNotFound`, `TableUnavailable`: it reads as a sentence where it is raised, caught and logged."""
    wrong = {
        file.relative_to(ROOT).as_posix(): found
        for folder in (*FOLDERS, "tests")
        for file in (ROOT / folder).rglob("*.py")
        if (found := named_as_errors(file.read_text(encoding="utf-8")))
    }
    assert not wrong


@pytest.mark.parametrize("source", ["class LostError(Exception): ...", "def f():\n    class XError(Problem): ..."])
def test_another_convention_is_noticed(source: str) -> None:
    """The negative control of the test above."""
    assert named_as_errors(source)


def test_a_class_has_a_name_of_its_own() -> None:
    twice = {name: [path for path, _ in found] for name, found in classes("chalicelib").items() if len(found) > 1}
    assert set(twice) == set(TWICE), twice
