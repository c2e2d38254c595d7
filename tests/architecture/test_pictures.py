"""The pictures of the docs: each that is shown is there, is small, and is made by the script; none lies about."""

import re
from collections.abc import Iterable
from pathlib import Path

from localdev.ports import ROOT
from tests.stories import picture_list

SCRIPT = (ROOT / "tests" / "stories" / "pictures.py").read_text("utf-8")


def shown(pages: Iterable[Path]) -> set[str]:
    """The pictures that these pages show or link to."""
    return {name for page in pages for name in re.findall(r"pictures/([\w-]+)\.webp", page.read_text("utf-8"))}


def test_every_picture_is_listed_and_small_and_every_listed_one_is_there() -> None:
    sizes = {path.stem: path.stat().st_size for path in picture_list.FOLDER.iterdir()}
    assert set(sizes) == picture_list.NAMES
    assert {name: size for name, size in sizes.items() if size >= picture_list.LIMIT} == {}


def test_every_picture_that_a_page_shows_is_there() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    assert shown(pages) == picture_list.NAMES


def test_the_page_of_pictures_is_the_one_that_the_script_writes() -> None:
    assert picture_list.PAGE.read_text("utf-8") == picture_list.page(), "make pictures"


def test_the_script_goes_by_every_state_that_is_listed() -> None:
    assert set(re.findall(r'album\.take\([^,]+, "([\w-]+)"', SCRIPT)) == set(picture_list.STATES)
    assert {name.removeprefix(walk) for walk in picture_list.WALKS for name in picture_list.NAMES} >= set(
        picture_list.STATES
    ), "every state is on a picture"


def test_a_page_that_shows_a_picture_of_another_name_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("![](pictures/no-such-one.webp)", "utf-8")
    assert shown([page]) - picture_list.NAMES == {"no-such-one"}
