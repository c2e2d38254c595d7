"""Private words that were given up do not come back as names in `chalicelib`; each says what to write instead.

Names of modules, classes, functions, parameters and fields. The words themselves are in docs/glossary.md.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "chalicelib"
GLOSSARY = PACKAGE.parent / "docs" / "glossary.md"
# One part of a name, and the field's word for what it meant.
GIVEN_UP = {
    "telling": "notification",
    "tellings": "notifications",
    "told": "notification, or what it is: facts, summary, parsed",
    "errand": "side effect",
    "errands": "side effects",
    "lookout": "circuit breaker",
    "pace": "rate limit, deadline",
    "turn": "lifecycle change",
    "turns": "lifecycle changes",
    "desk": "mailer, sign-in dependencies",
    "postman": "mail sender",
    "doubt": "uncertain",
    "mend": "repair",
    "heed": "handle",
    "chrome": "layout",
    "frame": "layout",  # of a page; HTML's own word for what it frames is `article_html`'s
    "brought": "credentials",
    "begun": "started checkout",
    "looked": "checkout view",
    "astray": "dangling",
    "reversing": "reversal",
    "till": "harness",
    "welcome": "sign-in after payment",
}
# HTML's own words, in the room that reads HTML.
THEIRS = {("article_html", "frame")}
# What is left, by word: renamed some day, and then taken from here. Nothing is added.
LEFT: dict[str, set[str]] = {}


def names(source: str) -> Iterator[str]:
    """Every name that a module gives: classes, functions, parameters, fields."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                yield name
            case ast.arg(arg=name) | ast.AnnAssign(target=ast.Name(id=name)):
                yield name


def given_up(found: Iterable[str]) -> set[str]:
    """The words among the parts of these names that are given up."""
    parts = {part.lower() for name in found for part in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}
    return parts & set(GIVEN_UP)


@cache
def left() -> dict[str, set[str]]:
    """Every word that was given up and is in a name all the same, with the modules."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for path in PACKAGE.rglob("*.py"):
        inside = path.relative_to(PACKAGE)
        for word in given_up([*inside.with_suffix("").parts, *names(path.read_text(encoding="utf-8"))]):
            if (inside.parts[0], word) not in THEIRS:
                found[word].add(inside.as_posix())
    return dict(found)


def test_no_word_that_was_given_up_comes_back() -> None:
    new = {word: files - LEFT.get(word, set()) for word, files in left().items()}
    wrong = {f"{word} (say: {GIVEN_UP[word]})": files for word, files in new.items() if files}
    assert not wrong


def entries(glossary: str) -> set[str]:
    """The words that a glossary explains."""
    rows = re.findall(r"^\| ([^|]+) \|", glossary, re.MULTILINE)
    return {word.strip("` ") for row in rows for word in row.split(",")}


def test_the_glossary_has_every_room_and_no_word_that_was_given_up() -> None:
    explained = entries(GLOSSARY.read_text(encoding="utf-8"))
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert not rooms - explained
    assert not given_up(explained)
    assert given_up(entries("| told, telling | one of several |")) == {"told", "telling"}, "the negative control"


def test_what_is_listed_as_left_is_left() -> None:
    gone = {word: files - left().get(word, set()) for word, files in LEFT.items()}
    assert not {word: files for word, files in gone.items() if files}, "Renamed: take these from the list above."


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("class TellingOfRefund: ...", "telling"),
        ("def heed_warning(): ...", "heed"),
        ("def apply(errand, *, pace): ...", "errand"),
        ("class Run:\n    lookout: int", "lookout"),
        ("def f():\n    def _in_doubt(): ...", "doubt"),
    ],
)
def test_a_word_that_comes_back_is_noticed(source: str, word: str) -> None:
    """The negative control of the first test."""
    assert word in given_up(names(source))


@pytest.mark.parametrize("name", ["return_url", "turnover", "amends", "iframe_url", "space", "until", "framework"])
def test_a_word_is_a_whole_part_of_a_name(name: str) -> None:
    assert given_up([name]) == set()
