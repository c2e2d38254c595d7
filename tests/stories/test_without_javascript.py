"""Giving and signing in with JavaScript switched off, in Ukrainian and in English."""

import re

import pytest
from playwright.sync_api import expect

from testkit.stack import Stack
from tests.stories.conftest import NewReader
from tests.stories.reader import Reader, ledger_of

pytestmark = [pytest.mark.stack, pytest.mark.browser]


def test_a_whole_gift_in_ukrainian(new_reader: NewReader, stack: Stack) -> None:
    """Once instead of monthly, an own amount, pay, sign in with the code, see the gift on the account page."""
    reader = new_reader(javascript=False, phone=True)
    reader.opens_hosted("/donate?lang=uk")
    reader.page.get_by_role("button", name="Одноразово").click()
    reader.page.get_by_text("Інша сума").click()
    reader.page.get_by_label("Ваша сума").fill("25,50")
    reader.sees("Це разовий внесок: більше нічого не спишеться.")
    reader.page.get_by_role("button", name=re.compile("^Підтрим")).click()
    reader.is_at_the_payment_page()
    reader.sees("€25.50")
    reader.pays()
    reader.sees_the_way_back_from_paying()
    reader.sees("Ми отримали ваш внесок: 25,50 €.")
    reader.enters(reader.code())
    reader.sees_heading("Моя підтримка")
    reader.sees("Ваш рівень — «Друг редакції».")
    expect(reader.page.get_by_role("cell", name="25,50 €")).to_be_visible()
    assert [entry["amount"] for entry in ledger_of(stack, reader.email)] == [2550]


def test_a_whole_gift_in_english(new_reader: NewReader) -> None:
    """Dollars a year, and on the way each page and mail speaks English."""
    reader = new_reader(javascript=False, lang="en-GB")
    reader.opens_hosted("/donate")
    reader.sees_heading("Readers keep this newsroom going")
    reader.page.get_by_role("button", name="Yearly").click()
    reader.page.get_by_role("button", name="USD").click()
    reader.page.get_by_text("$50", exact=True).click()
    reader.page.get_by_role("button", name="Support us").click()
    reader.is_at_the_payment_page()
    reader.sees("$50.00 per year")
    reader.sees("Support for Nadrichchia News")
    reader.pays()
    reader.sees_the_way_back_from_paying()
    reader.sees_heading("Thank you!")
    reader.enters(reader.code())
    reader.sees_heading("My support")
    reader.sees("$50 a year")
    assert all(not re.search("[а-яіїєґ]", mail["text"]) for mail in reader.mails())


def test_an_english_page_leads_to_english_ones(new_reader: NewReader) -> None:
    """Whoever reads the English site in a Ukrainian browser stays in English on our pages."""
    reader = new_reader(javascript=False)
    reader.opens_article("demo-members-en")
    reader.page.get_by_role("link", name="Read the whole text on our support page").click()
    reader.sees("The full text is for those who support the newsroom.")
    reader.opens("/en/")
    reader.page.get_by_role("link", name="My support").click()
    reader.sees_heading("Sign in")
    reader.opens("/en/")
    reader.page.get_by_role("link", name="Support us").first.click()
    reader.sees_heading("Readers keep this newsroom going")


def test_signing_in_and_out(new_reader: NewReader) -> None:
    """Address, code, account, out: four plain pages."""
    reader = new_reader(javascript=False, phone=True)
    reader.signs_in()
    reader.page.get_by_role("button", name="Вийти", exact=True).click()
    reader.sees_heading("Вхід")
    assert reader.session() == {"signed_in": False}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Напишіть суму цифрами, наприклад 5 або 7,50."),
        ("п’ять", "Напишіть суму цифрами, наприклад 5 або 7,50."),
        ("0,99", "Найменша сума — 1 €."),
        ("-5", "Напишіть суму цифрами, наприклад 5 або 7,50."),
        ("7,5051", "Напишіть суму цифрами, наприклад 5 або 7,50."),
        ("7,505", "Найбільша сума — 5000 €."),
        ("$5", "Тут обрано іншу валюту. Змініть її нижче або напишіть лише число."),
        ("5000,01", "Найбільша сума — 5000 €."),
        ("1e3", "Напишіть суму цифрами, наприклад 5 або 7,50."),
    ],
    ids=[
        *("nothing", "a word", "too little", "negative", "four decimals", "thousands", "another currency"),
        *("too much", "an exponent"),
    ],
)
def test_an_amount_that_cannot_be(new_reader: NewReader, typed: str, said: str) -> None:
    """The page comes back with what was typed and a sentence at its field; the next try goes through."""
    reader = new_reader(javascript=False, phone=True)
    reader.opens_hosted("/donate?lang=uk&interval=once")
    give_own(reader, typed)
    expect(reader.page.get_by_role("alert")).to_have_text(said)
    own = reader.page.get_by_label("Ваша сума")
    expect(own).to_have_value(typed)
    expect(own).to_have_attribute("aria-invalid", "true")
    expect(own).to_have_attribute("aria-describedby", re.compile("problem"))
    field, sentence = own.bounding_box(), reader.page.get_by_role("alert").bounding_box()
    assert field
    assert sentence
    assert abs(field["y"] - sentence["y"]) < 160, "the sentence stands beside the field"
    give_own(reader, "7,50")
    reader.is_at_the_payment_page()
    reader.sees("€7.50")


def give_own(reader: Reader, amount: str) -> None:
    """Choose another amount, write it, press the button."""
    reader.page.get_by_text("Інша сума").click()
    reader.page.get_by_label("Ваша сума").fill(amount)
    reader.page.get_by_role("button", name=re.compile("^Підтрим")).click()
