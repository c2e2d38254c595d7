"""The script itself: small, whole, and free of what a careful website would not embed."""

import gzip
import re

import pytest
from playwright.sync_api import Page

from chalicelib.http.widget import SOURCES, script

LIMIT = 12 * 1024


def test_it_weighs_at_most_twelve_kilobytes_gzipped() -> None:
    assert len(gzip.compress(script().encode(), 9)) <= LIMIT


def test_it_is_joined_once_and_wrapped_so_that_nothing_leaks() -> None:
    assert script() is script()
    assert script().startswith("(()=>{")
    assert script().rstrip().endswith("})();")


def test_it_loads_nothing_from_elsewhere_stores_nothing_and_evaluates_nothing() -> None:
    forbidden = r"https?://|localStorage|sessionStorage|indexedDB|document\.cookie|\beval\b|new Function|\bimport\b"
    assert re.findall(forbidden, script()) == []


def test_html_is_written_in_one_place_only() -> None:
    assert len(re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", script())) == 1


def test_every_source_is_short() -> None:
    assert all(len(path.read_text("utf-8").splitlines()) < 300 for path in SOURCES.glob("*.js"))


@pytest.mark.browser
def test_both_languages_say_the_same_things(page: Page) -> None:
    texts = (SOURCES / "01-texts.js").read_text("utf-8")
    keys = page.evaluate(f"(() => {{ {texts}\n return Object.values(TEXTS).map(Object.keys); }})()")
    assert keys[0] == keys[1]
