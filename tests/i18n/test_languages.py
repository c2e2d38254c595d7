"""A language is understood however pages, browsers and templates write it; nobody is refused for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.i18n.language import Language
from chalicelib.kernel.languages import preferred, understood

SPOKEN = ("uk", "en")


@pytest.mark.parametrize(
    "code", ["uk", "UK", "uk-UA", "uk_UA", "uk_UA.UTF-8", "uk-Cyrl-UA", "ukr", "ua", "ua-UA", "UA_ua", " uk "]
)
def test_ukrainian(code: str) -> None:
    assert understood(code, SPOKEN) == "uk"


@pytest.mark.parametrize("code", ["en", "EN", "en-GB", "en_US", "eng", "en-US-x-twain", "en@posix"])
def test_english(code: str) -> None:
    assert understood(code, SPOKEN) == "en"


@pytest.mark.parametrize("code", [None, "", " ", "de", "ru-UA", "ukraine", "українська", "engl", "*", "-uk", "x-uk"])
def test_everything_else_is_nothing_we_know(code: str | None) -> None:
    assert understood(code, SPOKEN) is None


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("uk", ["uk"]),
        ("uk-UA,uk;q=0.9,en;q=0.8", ["uk", "uk", "en"]),
        ("en;q=0.1, uk", ["uk", "en"]),
        ("en;q=0.5,uk;q=0.50", ["en", "uk"]),
        ("en ; q = 0.2 , ua;q=1.000", ["uk", "en"]),
        ("en;q=0, uk;q=0.001", ["uk"]),
        ("de,fr;q=0.9,*;q=0.1", []),
        ("en;q=2,uk;q=high,ukr;q=", []),
        ("", []),
        (",,;;,", []),
    ],
)
def test_a_browsers_list_is_read_by_its_weights(header: str, wanted: list[str]) -> None:
    assert preferred(header, SPOKEN) == wanted


@given(st.text())
def test_nothing_a_stranger_sends_is_a_fault(text: str) -> None:
    assert understood(text, SPOKEN) in (None, "uk", "en")
    assert set(preferred(text, SPOKEN)) <= {"uk", "en"}


def test_a_language_more_is_understood_by_its_code() -> None:
    assert understood("pl-PL", (*SPOKEN, "pl")) == "pl"
    assert preferred("pl,uk;q=0.9", (*SPOKEN, "pl")) == ["pl", "uk"]
    assert preferred("pl,uk;q=0.9", SPOKEN) == ["uk"]
    assert understood("uk", ("pl",)) is None, "a newsroom without Ukrainian"


@pytest.mark.parametrize(("lang", "two", "three"), [("uk", "а та б", "а, б та в"), ("en", "а and б", "а, б and в")])
def test_several_things_stand_in_one_sentence(lang: str, two: str, three: str) -> None:
    language = Language(lang, "Europe/Kyiv")
    assert language.listed(["а"]) == "а"
    assert language.listed("аб") == two
    assert language.listed("абв") == three
