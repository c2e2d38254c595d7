"""Amounts as people type them: read by one rule on the button, in the sentence and in what the API is asked for."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from chalicelib.kernel.money import decimals
from chalicelib.kernel.typed_amount import own_words
from elements.build import SOURCES
from tests.giving.test_typed_amount import CASES
from tests.widget.conftest import Site
from tests.widget.fake_api import FakeApi
from tests.widget.test_donate import CHECKOUTS, button, give, sentence

pytestmark = pytest.mark.browser
TABLE: list[tuple[str, str, int | None, str]] = CASES


def read_in_the_browser(page: Page, rows: list[list[Any]]) -> list[int | None]:
    """What the element's own parser makes of each [typed, words, decimals]; None for no amount."""
    source = (SOURCES / "donate" / "10-money.js").read_text("utf-8")
    script = (
        f"(rows) => {{ {source}\n return rows.map((row) => minor(...row)).map((one) => isNaN(one) ? null : one); }}"
    )
    answer: list[int | None] = page.evaluate(script, rows)
    return answer


def test_the_table_is_read_as_it_says(page: Page) -> None:
    assert len(TABLE) > 150
    rows = [[typed, own_words(currency), decimals(currency)] for typed, currency, *_ in TABLE]
    read = read_in_the_browser(page, rows)
    assert [row for row, amount in zip(TABLE, read, strict=True) if row[2] != amount] == []


def test_the_table_would_notice_the_parser_of_before(page: Page) -> None:
    """It dropped every sign wherever it stood, and took one separator for the decimal one."""
    old = (
        "([text, , decimals]) => {"
        " const match = /^(\\d{1,9})(?:[.,](\\d+))?$/.exec(text.replace(/[\\s\\p{Sc}]/gu, ''));"
        " return !match || (match[2] || '').length > decimals ? null"
        " : Number(match[1] + (match[2] || '').padEnd(decimals, '0')); }"
    )
    rows = [[typed, currency, decimals(currency)] for typed, currency, *_ in TABLE]
    read = page.evaluate(f"(rows) => rows.map({old})", rows)
    wrong = {row[0] for row, amount in zip(TABLE, read, strict=True) if row[2] != amount}
    assert {"5.", "5 грн", "1.500", "1'500", "5€50", "5,-"} <= wrong


@pytest.mark.parametrize(
    ("typed", "amount", "shown"),
    [
        ("7", 700, "7 €"),
        ("0004,99", 499, "4,99 €"),
        ("€5", 500, "5 €"),
        ("5 €", 500, "5 €"),
        ("5.", 500, "5 €"),
        ("5,-", 500, "5 €"),
        ("1.500", 150000, "1500 €"),
        ("1 500,50", 150050, "1500,50 €"),
        ("1'500", 150000, "1500 €"),
        ("EUR 64,10", 6410, "64,10 €"),
        ("５", 500, "5 €"),
        ("4035.57", 403557, "4035,57 €"),
    ],
)
def test_what_the_button_shows_is_what_is_asked(
    page: Page, site: Site, api: FakeApi, typed: str, amount: int, shown: str
) -> None:
    page.goto(site.donate())
    page.get_by_text("Інша сума").click()
    page.keyboard.insert_text(typed)
    assert button(page) == f"Підтримувати: {shown} щомісяця"
    give(page)
    page.wait_for_url("**/pay")
    assert api.bodies(CHECKOUTS)[0]["amount"] == amount


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        *(
            (typed, "Напишіть суму цифрами")
            for typed in ("", "0", "-5", "5e3", "5,0,0", "п’ять", "NaN", "5 грн", "5€50")
        ),
        ("0,5", "Найменша сума — 1 €."),
        ("0,99", "Найменша сума — 1 €."),
        ("5001", "Найбільша сума — 5000 €."),
        ("999999999", "Найбільша сума — 5000 €."),
        ("9999999999", "Напишіть суму цифрами"),
    ],
)
def test_what_cannot_be_given_is_told_while_it_is_typed_and_refused_beside_the_field(
    page: Page, site: Site, api: FakeApi, typed: str, words: str
) -> None:
    page.goto(site.donate())
    page.get_by_text("Інша сума").click()
    page.keyboard.insert_text(typed)
    assert button(page) == "Підтримати", "No button shows a sum that cannot be given."
    assert words in sentence(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text(words)
    expect(page.locator("[part=sentence]")).to_be_hidden()
    own = page.get_by_role("textbox", name="Ваша сума, €")
    expect(own).to_be_focused()
    expect(own).to_have_value(typed)
    expect(own).to_have_attribute("aria-invalid", "true")
    assert api.bodies(CHECKOUTS) == []
    own.fill("7")
    expect(page.get_by_role("alert")).to_be_hidden()
    assert button(page) == "Підтримувати: 7 € щомісяця"


def test_the_field_says_in_which_currency(page: Page, site: Site) -> None:
    page.goto(site.donate())
    page.get_by_text("Інша сума").click()
    expect(page.get_by_text("Ваша сума, €")).to_be_visible()
    expect(page.get_by_text("Найменша сума — 1 €.", exact=True)).to_be_visible()
    page.keyboard.type("2")
    page.get_by_label("Валюта").select_option("uah")
    expect(page.get_by_role("textbox", name="Ваша сума, ₴")).to_have_value("2")
    assert button(page) == "Підтримати", "Two hryvnias are below the smallest amount."
    assert sentence(page) == "Найменша сума — 50 ₴."


def test_a_currency_of_three_decimals_is_never_read_by_guess(page: Page, site: Site, api: FakeApi) -> None:
    kwd = {
        **api.newsroom["currencies"]["eur"],
        "decimals": 3,
        "words": ["kwd"],
        "step": 10,
        "maximum": 5_000_000,
        "earns": {},
    }
    api.newsroom["currencies"] = {**api.newsroom["currencies"], "kwd": kwd}
    page.goto(site.donate('currency="kwd" amount="5500" lang="en"'))
    own = page.get_by_role("textbox", name=re.compile("Your amount, KWD"))
    expect(own).to_have_value("5.50")
    assert button(page) == "Support us: KWD 5.500 a month"
    own.fill("1,000")
    assert button(page) == "Support us"
    assert "without separating thousands" in sentence(page)
    own.fill("1000")
    assert button(page) == "Support us: KWD 1,000 a month"
