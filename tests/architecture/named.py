"""The files, folders and classes that a page or a docstring names, and whether they are there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "chalicelib"
_ENDINGS = "py|js|mjs|toml|md|html|txt|css|webp|json|sh|lock"
# `room/file.py`, with any number of folders before it; a `*` stands for any part of a name.
_FILE = re.compile(rf"(?<![\w./<>{{}}…*:-])((?:[\w.*-]+/)+[\w.*-]+\.(?:{_ENDINGS}))\b(?![\w/])")
# `chalicelib/room` and the like, whatever it is.
_FOLDER = re.compile(
    r"(?<![\w./<>{}…*:-])((?:chalicelib|testkit|tests|ops|localdev|infra|bench|docs|stages)/[\w*/-]*\w)(?![\w.*{<…/-])"
)
# `room/`, in a span of its own.
_ROOM = re.compile(r"`([a-z_]+(?:/[a-z_]+)*)/`")
_CLASS = re.compile(r"`((?:[a-z_]+\.)+[A-Z]\w+)`|:raises ((?:[a-z_]+\.)+[A-Z]\w+)")
_DIFF = re.compile(r"^(?:---|\+\+\+) [ab]/", re.MULTILINE)
_LINK = re.compile(r"\]\([^)\s]+\)|https?://\S+")  # links have a test of their own


def paths_in(text: str) -> set[str]:
    """Every file and folder that a text names."""
    prose = _LINK.sub("]", _DIFF.sub("", text))
    return {*_FILE.findall(prose), *_FOLDER.findall(prose), *_ROOM.findall(prose)}


def is_there(path: str, beside: Path) -> bool:
    """Whether there is such a file or folder: from the top of the repository, in `chalicelib`, or beside the page."""
    return any(next(base.glob(path), None) is not None for base in (ROOT, PACKAGE, beside))


def classes_in(text: str) -> set[str]:
    """Every class that a text names by its module, `booking.rail.Rail`."""
    return {first or second for first, second in _CLASS.findall(text)}


def is_defined(name: str, file: Path) -> bool:
    """Whether there is such a class: its module from `chalicelib` or from a folder that `file` is in."""
    *module, last = name.removeprefix("chalicelib.").split(".")
    for folder in (PACKAGE, *(parent for parent in file.parents if parent.is_relative_to(PACKAGE))):
        found = folder.joinpath(*module).with_suffix(".py")
        if found.exists() and re.search(rf"^(?:class )?{last}\b", found.read_text(encoding="utf-8"), re.MULTILINE):
            return True
    return False


def told_in(source: str) -> Iterator[str]:
    """The docstrings and the comments of a module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and (told := ast.get_docstring(node)):
            yield told
    yield from re.findall(r"(?:^|  )# (.+)$", source, re.MULTILINE)
