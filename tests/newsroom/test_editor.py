"""The `[editor]` and `[countries]` sections: what may be left out, and where the picture is loaded from."""

import copy
from pathlib import Path

import pytest

from chalicelib import settings, wiring
from chalicelib.newsroom import file as newsroom_file
from chalicelib.newsroom.editor import picture_address
from chalicelib.newsroom.file import NewsroomFileWrong
from chalicelib.newsroom.rules import Editor
from tests.newsroom.test_newsroom_file import SHIPPED, Raw

SITES = ("https://news.example", "https://www.news.example")


def changed(**sections: object) -> Raw:
    return {**copy.deepcopy(SHIPPED), **sections}


def test_all_of_it_may_be_left_out() -> None:
    bare = copy.deepcopy(SHIPPED)
    for name in ("editor", "countries", "show_supporters"):
        del bare[name]
    newsroom = newsroom_file.read(bare)
    assert newsroom.editor == Editor()
    assert newsroom.currency_of("UA") == "eur"
    assert newsroom.show_supporters is False
    assert newsroom_file.read(changed(editor={})).editor == Editor()
    word = newsroom_file.read(changed(editor={"word": {"uk": "Дякую", "en": "Thanks"}})).editor
    assert word.word["uk"] == "Дякую"
    assert not word.name


def test_a_country_leads_to_its_currency_and_any_other_to_the_default() -> None:
    newsroom = newsroom_file.read(SHIPPED)
    assert [newsroom.currency_of(code) for code in ("UA", "PL", "US", "DE", "", "ua")] == [
        "uah",
        "pln",
        "usd",
        "eur",
        "eur",
        "eur",
    ]


@pytest.mark.parametrize(
    ("picture", "address"),
    [
        ("", ""),
        ("/editor.jpg", "https://news.example/editor.jpg"),
        ("https://www.news.example/a.jpg", "https://www.news.example/a.jpg"),
        ("https://News.example/a.jpg", "https://News.example/a.jpg"),
    ],
)
def test_the_picture_is_on_the_website(picture: str, address: str) -> None:
    assert picture_address(picture, SITES) == address


@pytest.mark.parametrize(
    "picture",
    [
        "https://cdn.example/a.jpg",
        "https://news.example:8443/a.jpg",
        "https://news.example.evil.example/a.jpg",
        "https://news.example@evil.example/a.jpg",
    ],
)
def test_a_picture_elsewhere_is_refused(picture: str) -> None:
    with pytest.raises(NewsroomFileWrong, match=r"'editor\.picture' is wrong. Write a picture on your website"):
        picture_address(picture, SITES)


def test_a_path_without_a_website_shows_no_picture() -> None:
    assert not picture_address("/editor.jpg", ())


def test_the_start_holds_the_picture_against_the_website(tmp_path: Path) -> None:
    file = tmp_path / "newsroom.toml"
    shipped = Path(settings.from_environment({}).newsroom_file).read_text(encoding="utf-8")
    file.write_text(shipped.replace('"/static/editor.svg"', '"https://cdn.example/a.jpg"'), encoding="utf-8")
    made = settings.from_environment({"SPILNO_NEWSROOM": str(file)})
    with pytest.raises(NewsroomFileWrong, match=r"editor\.picture"):
        assert wiring.Wiring(made).newsroom
