"""A mutant: one change of one function, under a name that stays when lines move."""

import ast
import hashlib
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.mutants import operators


@dataclass(frozen=True)
class Mutant:
    """A change, described. `statement`: where the innermost statement begins that it stands in: line and column."""

    id: str  # file::function::operator::which of them in this function
    file: str
    function: str
    operator: str
    line: int
    before: str
    after: str
    statement: tuple[int, int]

    @property
    def change(self) -> str:
        """What it does, on one line."""
        return f"{self.before} -> {self.after}"


def mutants(file: str, source: str) -> list[Mutant]:
    """Every mutant of a file."""
    return [mutant for mutant, _ in _found(file, ast.parse(source))]


def mutated(file: str, source: str, name: str) -> ast.Module:
    """The file's tree with this one change in it.

    :raises KeyError: there is no such mutant.
    """
    tree = ast.parse(source)
    for mutant, change in _found(file, tree):
        if mutant.id == name:
            change.place.put(ast.copy_location(change.new, change.old))
            return ast.fix_missing_locations(tree)
    raise KeyError(name)


def _found(file: str, tree: ast.Module) -> Iterator[tuple[Mutant, operators.Change]]:
    for function, node in operators.functions(tree):
        counted: Counter[str] = Counter()
        for change in operators.changes(node):
            counted[change.operator] += 1
            described = Mutant(
                id=f"{file}::{function}::{change.operator}::{counted[change.operator]}",
                file=file,
                function=function,
                operator=change.operator,
                line=getattr(change.old, "lineno", change.statement.lineno),
                before=_on_a_line(change.old),
                after=_on_a_line(change.new),
                statement=(change.statement.lineno, change.statement.col_offset),
            )
            yield described, change


def _on_a_line(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())


def sampled(found: list[Mutant], share: int, at_least: int) -> list[Mutant]:
    """The same part of one file's mutants in every run: `share` per cent, by a hash of their names."""
    wanted = max(math.ceil(len(found) * share / 100), at_least)
    chosen = sorted(found, key=lambda one: hashlib.sha256(one.id.encode()).digest())[:wanted]
    return sorted(chosen, key=lambda one: (one.line, one.id))


def of_files(root: Path, files: list[str], share: int, at_least: int) -> list[Mutant]:
    """The sample of all these files."""
    return [
        mutant
        for file in files
        for mutant in sampled(mutants(file, (root / file).read_text(encoding="utf-8")), share, at_least)
    ]
