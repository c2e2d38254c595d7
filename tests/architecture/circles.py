"""Who imports whom among our own files, wherever the import stands, and who comes back to itself that way.

An import in a function and one for types only count like any other: whoever reads one file must read the other.
(pylint leaves the latter out on purpose, see https://github.com/pylint-dev/pylint/pull/4703.)
What a package does to a module in it (`a.b` is loaded before `a.b.c`) counts only where somebody writes it.
"""

import ast
from collections.abc import Container, Iterator, Mapping
from pathlib import Path

Graph = Mapping[str, frozenset[str]]  # a module's dotted name, and the modules it imports

ROOT = Path(__file__).parents[2]


def sources(*folders: str) -> dict[str, str]:
    """The source of every Python file below these folders of the repository, by the module's dotted name."""
    files = (file for folder in folders for file in sorted((ROOT / folder).rglob("*.py")))
    return {_name(file.relative_to(ROOT)): file.read_text(encoding="utf-8") for file in files}


def graph(modules: Mapping[str, str]) -> Graph:
    """Of these sources by name: which of them each one imports."""
    return {name: frozenset(filter(None, _imported(source, modules))) for name, source in modules.items()}


def circles(imports: Graph) -> list[list[str]]:
    """Every group of modules that reach each other, sorted; a module that imports itself is a group of one."""
    reached = {name: _reached(imports, name) for name in imports}
    groups = {
        frozenset(other for other in reached[name] if name in reached[other])
        for name in imports
        if name in reached[name]
    }
    return sorted(sorted(group) for group in groups)


def _name(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def _imported(source: str, modules: Container[str]) -> Iterator[str | None]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (_module(alias.name, modules) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written out"
            yield from (_module(f"{node.module}.{alias.name}", modules) for alias in node.names)


def _module(name: str, modules: Container[str]) -> str | None:
    """The module that an imported name is, or stands in; None where it is nobody of these."""
    while name and name not in modules:
        name = name.rpartition(".")[0]
    return name or None


def _reached(imports: Graph, start: str) -> set[str]:
    reached: set[str] = set()
    ahead = list(imports[start])
    while ahead:
        if (name := ahead.pop()) not in reached:
            reached.add(name)
            ahead += imports[name]
    return reached
