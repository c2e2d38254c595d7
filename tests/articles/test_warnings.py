"""What a newsroom is told of an article: each warning with what earns it, and what comes close and does not."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chalicelib.articles.rules.article_warnings import CHECKS, ArticleText, warnings
from chalicelib.articles.rules.policy import MEMBERS, METERED, OPEN

LONG = " ".join(f"слово{number} громада вирішила{number}" for number in range(40))
HALF = " ".join(LONG.split()[:60])
MOST = " ".join(LONG.split()[:80])
FINE = ArticleText(
    title="Міст",
    read_title="Міст",
    url="https://news.example/mist",
    access=MEMBERS,
    opens_at=None,
    closes_at=None,
    teaser="Початок.",
    teaser_shows=True,
    body=LONG,
    body_shows=True,
    relative=False,
    unclosed=(),
    instead=(),
    silent=(),
    origins=("https://news.example",),
    has_meter=False,
)
# code -> what earns it, and what comes close and does not
EARNED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "teaser_is_body": ({"teaser": LONG}, {"teaser": LONG, "access": OPEN}),
    "teaser_has_most": ({"teaser": MOST}, {"teaser": HALF}),
    "teaser_longer_than_body": (
        {"teaser": "довгий " * 9, "body": "короткий"},
        {"teaser": "коротка", "body": "довгий " * 9},
    ),
    "teaser_empty": ({"teaser": "", "teaser_shows": False}, {"teaser": "", "teaser_shows": True}),
    "body_empty": ({"body": "", "body_shows": False}, {"body": None, "body_shows": False}),
    "url_not_on_site": ({"url": "https://stage.news.example/mist"}, {"url": "HTTPS://News.example/mist"}),
    "author_is_address": ({"author": "Олена <o.koval@news.example>"}, {"author": "Олена Коваль (@okoval)"}),
    "closes_before_opens": ({"opens_at": 5, "closes_at": 5}, {"opens_at": 4, "closes_at": 5}),
    "metered_as_members": ({"access": METERED}, {"access": METERED, "has_meter": True}),
    "metered_elsewhere": (
        {"access": METERED, "has_meter": True, "body": None},
        {"access": METERED, "has_meter": True, "body": LONG},
    ),
    "title_has_markup": (
        {"title": "Міст &#8211; мрія", "read_title": "Міст – мрія"},
        {"title": "R&D", "read_title": "R&D"},
    ),
    "names_have_markup": ({"tags": ("місто", "Спорт &amp; дозвілля")}, {"section": "R&D", "tags": ("a < b",)}),
    "names_shortened": ({"tags": ("т",) * 21}, {"author": "а" * 200, "section": "а" * 200, "tags": ("т" * 64,) * 20}),
    "misread_letters": (
        {"teaser": "Насосну станцію запустять до морозів".encode().decode("cp1251", "replace")},
        {"teaser": "РАДА СЕЛА РІШЕННЯ ПРО РЕМОНТ ДОРОГИ"},
    ),
    "unclosed_html": ({"unclosed": ("<b>", "<!--")}, {"unclosed": ()}),
    "relative_addresses": ({"relative": True}, {"relative": False}),
    "shown_as_links": ({"instead": ("t.me", "")}, {"instead": ()}),
    "silent_scripts": ({"silent": ("telegram.org", "")}, {"silent": ("telegram.org",), "access": OPEN}),
}


def codes(looked: ArticleText) -> list[str]:
    return [warning.code for warning in warnings(looked)]


def test_an_article_as_it_should_be_has_none() -> None:
    assert codes(FINE) == []


def test_every_warning_is_tried_here() -> None:
    assert list(EARNED) == list(CHECKS)


@pytest.mark.parametrize("code", CHECKS)
def test_each_is_earned_and_what_comes_close_is_not(code: str) -> None:
    earns, close = EARNED[code]
    assert codes(replace(FINE, **earns)) == [code]
    assert code not in codes(replace(FINE, **close))


def test_a_teaser_of_what_closes_later_is_looked_at_too() -> None:
    assert codes(replace(FINE, access=OPEN, closes_at=9, teaser=LONG)) == ["teaser_is_body"]


def test_latin_1_is_recognised_as_well() -> None:
    assert codes(replace(FINE, body="Насосну станцію запустять".encode().decode("latin-1"))) == ["misread_letters"]


def test_sentences_name_what_to_look_at() -> None:
    all_at_once = {name: value for earns, _ in EARNED.values() for name, value in earns.items()}
    told = {one.code: one.title for one in warnings(replace(FINE, **all_at_once))}
    assert "https://news.example" in told["url_not_on_site"]
    assert "<b>, <!--" in told["unclosed_html"]
    assert "t.me" in told["shown_as_links"]
    quoted = ("title_has_markup", "names_have_markup")  # which end with what was sent
    assert all(sentence.endswith(".") for code, sentence in told.items() if code not in quoted)


def test_it_is_said_what_was_shortened() -> None:
    title, name = "а" * 501, "а" * 201
    tags = ("т" * 65, *"т" * 24)
    [told] = warnings(replace(FINE, title=title, read_title=title, author=name, section=name, tags=tags))
    assert told.title == (
        "Too long to be stored whole, and shortened: title (to 500 characters), author (to 200 characters), "
        "section (to 200 characters), tags (the first 20 of 25), a tag (to 64 characters)."
    )


def test_the_docs_name_every_code() -> None:
    docs = (Path(__file__).parents[2] / "docs" / "http.md").read_text(encoding="utf-8")
    table = docs.partition("| `warnings`")[2].partition("\n\n")[0]
    assert set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) == set(CHECKS)
