"""docs/classes.md is as the code is now, and every room and public class says what it is."""

import re
from pathlib import Path

import pytest

from tests.architecture.classes_page import PACKAGE, described, first_sentence, page, rooms
from tests.architecture.test_imports import ORDER

PAGE = Path(__file__).resolve().parents[2] / "docs" / "classes.md"
ARCHITECTURE = PAGE.with_name("architecture.md")


def test_the_page_of_classes_is_as_the_code_is() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "python -m tests.architecture.classes_page > docs/classes.md"


def rooms_told(text: str) -> list[str]:
    """The rooms in the first list of a page, as they stand there."""
    return re.findall(r"^(\w+) {2,}\S", text.split("```")[1], re.MULTILINE)


def test_the_architecture_tells_every_room_in_the_order_of_imports() -> None:
    folders = [room for room in ORDER if (PACKAGE / room).is_dir()]
    assert rooms_told(ARCHITECTURE.read_text(encoding="utf-8")) == folders


def test_a_room_that_is_not_told_is_noticed() -> None:
    """The negative control of the test above."""
    told = ARCHITECTURE.read_text(encoding="utf-8")
    assert "ledger" not in rooms_told(told.replace("\nledger ", "\nthe books "))


def test_every_room_and_every_public_class_says_what_it_is() -> None:
    found = list(rooms())
    assert len(found) > 20
    assert not [room for room, about, _ in found if not about]
    assert not [f"{one.module}: {one.name}" for _, _, classes in found for one in classes if not one.sentence]


def test_a_class_that_was_added_changes_the_page() -> None:
    """The negative control of both tests above."""
    (added,) = described('class New:\n    """What it is. And more."""\n\nclass _Own: ...', "mail/new.py")
    assert added == ("New", "mail/new.py", "What it is.")
    assert f"`{added.name}` | {added.sentence}" not in page()
    (silent,) = described("class New: ...", "mail/new.py")
    assert silent.sentence == ""


@pytest.mark.parametrize(
    ("docstring", "sentence"),
    [
        ("One. Two.", "One."),
        ("A file `a.toml`, read\nonce. Two.", "A file `a.toml`, read once."),
        ("No stop", "No stop"),
    ],
)
def test_a_sentence_ends_where_it_ends(docstring: str, sentence: str) -> None:
    assert first_sentence(docstring) == sentence
