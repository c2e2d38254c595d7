"""The sentences: the same in every language, and safe in the newsroom's hands."""

import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from chalicelib.http.routes import ROUTES
from chalicelib.i18n.language import Language
from chalicelib.i18n.texts import Texts, TextWrong, sentences

NBSP = "\N{NO-BREAK SPACE}"


def test_every_refusal_that_a_browser_can_meet_has_a_sentence_of_ours() -> None:
    codes = {code for route in ROUTES if route.page for code in route.codes}
    assert codes
    assert [code for code in sorted(codes) if f"code.{code}" not in sentences("uk")] == []


def test_a_newsroom_says_it_in_its_own_words() -> None:
    own = Texts("uk", {"donate.button_once": {"uk": "Додати {amount}"}})
    assert own.say("donate.button_once", amount="5 €") == "Додати 5 €"
    assert Texts("en", {"donate.button": {"uk": "Додати"}}).say("donate.button") == "Support us"


@pytest.mark.parametrize(
    ("key", "sentence", "complaint"),
    [
        ("donate.buton", "Додати", "not one of our texts"),
        ("donate.button", "Додати {amount}", "It may have: none"),
        ("donate.button_once", "{amount.__class__}", "plain name"),
        ("donate.button_once", "{amount!r}", "plain name"),
        ("donate.button_once", "{0}", "plain name"),
        ("donate.button_once", "{amount", "brace"),
    ],
)
def test_a_mistake_in_an_own_text_is_named(key: str, sentence: str, complaint: str) -> None:
    with pytest.raises(TextWrong, match=complaint):
        Texts("uk", {key: {"uk": sentence}})


def test_a_missing_text_or_value_is_an_error_and_never_an_empty_place() -> None:
    with pytest.raises(TextWrong, match=r"no text 'donate\.nothing'"):
        Texts("uk").say("donate.nothing")
    with pytest.raises(TextWrong, match="wants a value for 'amount'"):
        Texts("uk").say("donate.button_once")
    with pytest.raises(TextWrong, match="no texts in 'ru'"):
        Texts("ru")


@pytest.mark.parametrize(
    ("lang", "amount", "currency", "written"),
    [
        ("uk", 500, "eur", "5 €"),
        ("uk", 750, "eur", "7,50 €"),
        ("uk", 20000, "uah", "200 ₴"),
        ("uk", 123456, "uah", "1234,56 ₴"),
        ("uk", 99999999, "usd", "999 999,99 $"),
        ("uk", 1000, "pln", "10 zł"),
        ("uk", 500, "jpy", "500 JPY"),
        ("uk", 5250, "kwd", "5,250 KWD"),
        ("en", 500, "eur", "€5"),
        ("en", 750, "usd", "$7.50"),
        ("en", 1234500, "uah", "₴12,345"),
        ("en", 1000, "pln", "zł 10"),
        ("en", 700000, "huf", "HUF 7,000"),
    ],
)
def test_amounts_are_written_as_people_write_them(lang: str, amount: int, currency: str, written: str) -> None:
    assert Language(lang, "Europe/Kyiv").money(amount, currency) == written.replace(" ", NBSP)


def test_a_recurring_gift_names_its_rhythm() -> None:
    gifts = [
        Language(lang, "Europe/Kyiv").gift(500, "eur", rhythm)
        for lang in ("uk", "en")
        for rhythm in ("once", "month", "year")
    ]
    assert [gift.replace(NBSP, " ") for gift in gifts] == [
        "5 €",
        "5 € щомісяця",
        "5 € щороку",
        "€5",
        "€5 a month",
        "€5 a year",
    ]


@pytest.mark.parametrize(
    ("interval", "count", "uk", "en"),
    [
        ("day", 1, "щодня", "a day"),
        ("week", 1, "щотижня", "a week"),
        ("day", 2, "кожні 2 дні", "every 2 days"),
        ("day", 5, "кожні 5 днів", "every 5 days"),
        ("day", 21, "кожні 3 тижні", "every 3 weeks"),
        ("day", 31, "раз на 31 день", "every 31 days"),
        ("week", 2, "кожні 2 тижні", "every 2 weeks"),
        ("week", 5, "кожні 5 тижнів", "every 5 weeks"),
        ("week", 21, "раз на 21 тиждень", "every 21 weeks"),
        ("month", 3, "кожні 3 місяці", "every 3 months"),
        ("month", 6, "кожні 6 місяців", "every 6 months"),
        ("month", 11, "кожні 11 місяців", "every 11 months"),
        ("month", 21, "раз на 21 місяць", "every 21 months"),
        ("month", 22, "кожні 22 місяці", "every 22 months"),
        ("month", 12, "щороку", "a year"),
        ("month", 24, "кожні 2 роки", "every 2 years"),
        ("year", 2, "кожні 2 роки", "every 2 years"),
        ("year", 5, "кожні 5 років", "every 5 years"),
        ("day", 7, "щотижня", "a week"),
    ],
)
def test_every_rhythm_that_stripe_knows_is_said_as_people_say_it(interval: str, count: int, uk: str, en: str) -> None:
    said = [Language(lang, "Europe/Kyiv").gift(1500, "eur", interval, count) for lang in ("uk", "en")]
    assert [one.replace(NBSP, " ") for one in said] == [f"15 € {uk}", f"€15 {en}"]


@pytest.mark.parametrize(("interval", "count"), [("once", 1), ("", 1), ("fortnight", 2), ("month", 0)])
def test_a_rhythm_that_we_cannot_say_is_left_unsaid(interval: str, count: int) -> None:
    assert Language("en", "Europe/Kyiv").gift(1500, "eur", interval, count) == "€15"


def test_days_and_hours_are_the_newsrooms_own() -> None:
    late = datetime(2026, 12, 11, 22, 30, tzinfo=UTC)
    kyiv = Language("uk", "Europe/Kyiv")
    assert kyiv.day(late) == f"12{NBSP}грудня 2026{NBSP}року"
    assert kyiv.date(late) == f"12{NBSP}грудня 2026"
    assert Language("en", "Europe/Lisbon").day(late) == f"11{NBSP}December 2026"


def test_dates_do_not_need_the_machines_own_time_zone() -> None:
    """Lambda's TZ names a file; Babel's date module has stumbled over it (aws-lambda-base-images, issue 144)."""
    script = "from chalicelib.i18n.language import Language; import sys; print('babel.dates' in sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "TZ": ":/no/such/file"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == "False"


def test_asking_for_a_page_or_a_mail_costs_nothing_until_one_is_written() -> None:
    imports = "import sys, chalicelib.http.pages, chalicelib.mail.rules.mails"
    script = f"{imports}; print({{'jinja2', 'babel'}} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "set()"
