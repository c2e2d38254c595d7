"""`python -m tests.architecture.classes_page > docs/classes.md`: every public class of `chalicelib`, room by room."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.architecture.test_imports import ORDER

PACKAGE = Path(__file__).resolve().parents[2] / "chalicelib"
_HEAD = """# The classes

Every public class of `chalicelib`, room by room in the order of imports, with the first sentence of its docstring.
Written by `python -m tests.architecture.classes_page > docs/classes.md`; a test holds it to the code. The words
themselves are in [glossary.md](glossary.md), what a room is for in [architecture.md](architecture.md).
"""
_SENTENCE = re.compile(r".+?\.(?=\s|$)", re.DOTALL)


class Described(NamedTuple):
    """A public class: its name, its module, and the first sentence of its docstring."""

    name: str
    module: str
    sentence: str


def first_sentence(docstring: str) -> str:
    """Up to the first full stop that ends a sentence, on one line."""
    found = _SENTENCE.match(docstring)
    return " ".join((found[0] if found else docstring).split()).replace("|", "\\|")


def described(source: str, module: str) -> Iterator[Described]:
    """The public classes at the top of a module, as they stand in it."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield Described(node.name, module, first_sentence(ast.get_docstring(node) or ""))


def rooms() -> Iterator[tuple[str, str, list[Described]]]:
    """Each room from the ground up: its name, what it is for, its classes."""
    for room in ORDER:
        folder, module = PACKAGE / room, PACKAGE / f"{room}.py"
        files = sorted(folder.rglob("*.py")) if folder.is_dir() else [module] if module.exists() else []
        if not files:
            continue
        sources = {file.relative_to(PACKAGE).as_posix(): file.read_text(encoding="utf-8") for file in files}
        about = ast.get_docstring(ast.parse(sources.get(f"{room}/__init__.py") or sources.get(f"{room}.py", "")))
        classes = [one for path, source in sources.items() for one in described(source, path)]
        yield room, first_sentence(about or ""), classes


def page() -> str:
    """The whole page."""
    lines = [_HEAD]
    for room, about, classes in rooms():
        if classes:
            lines += [f"## {room}", "", about, "", "| class | is | in |", "|---|---|---|"]
            lines += [f"| `{one.name}` | {one.sentence} | `{one.module}` |" for one in classes]
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
