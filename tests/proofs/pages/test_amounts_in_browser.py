"""The giving page's script reads amounts as the server does: what stands on the button is what will be asked for."""

import dataclasses
from collections import defaultdict
from itertools import product

import pytest
from playwright.sync_api import BrowserContext, Page

from chalicelib.giving.views.pages import DonationPage
from chalicelib.http import pages
from chalicelib.kernel.typed_amount import from_decimal_text
from tests.giving.test_typed_amount import CASES, OTHERS, read
from tests.pages import samples
from tests.pages.browser.test_in_browser import Show, serve

pytestmark = pytest.mark.browser
# Beside the table, what Hypothesis would come upon: every short text of what a number and its company are made of.
MORE = [
    "".join(parts)
    for parts in product(
        ("", "1", "€"), ("", "0", "12", ","), ("", ".", ","), ("", "5", "000", "500,5", "-", ",- €", "$")
    )
]

TYPE = """texts => {
  const field = document.querySelector("#own-amount");
  document.querySelector("#own").checked = true;
  return texts.map(text => {
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    return document.querySelector("#give").textContent;
  });
}"""


@pytest.fixture
def show(context: BrowserContext) -> Show:
    return serve(context)


def buttons(tab: Page, show: Show, currency: str, texts: list[str]) -> list[str]:
    """What the button says for each of these, in a currency that takes anything."""
    form = dataclasses.replace(samples.form("en"), currency=currency, minimum=0, maximum=10**12)
    show(tab, DonationPage(form, samples.ATTEMPT), "en")
    said: list[str] = tab.evaluate(TYPE, texts)
    return said


def expected(amount: int | None, currency: str) -> str:
    from chalicelib.i18n.language import Language

    language = Language("en", "Europe/Kyiv")
    return "Support us" if amount is None else f"Support us: {language.money(amount, currency)} a month"


def plain(said: str) -> str:
    return said.replace("\N{NO-BREAK SPACE}", " ")


def test_the_script_is_held_to_the_same_table(page: Page, show: Show) -> None:
    cases = defaultdict(list)
    for typed, currency, amount, _ in CASES:
        # A field of one line has no line breaks: the browser takes them out.
        cases[currency].append((typed, amount))
    for currency, several in cases.items():
        said = buttons(page, show, currency, [typed for typed, _ in several])
        wrong = [
            (typed, currency, button)
            for (typed, amount), button in zip(several, said, strict=True)
            if plain(button) != plain(expected(amount, currency))
        ]
        assert wrong == []


@pytest.mark.parametrize("currency", ["eur", "kwd", "jpy"])
def test_beyond_the_table_both_read_the_same(page: Page, show: Show, currency: str) -> None:
    texts = MORE + [typed for typed, _ in OTHERS]
    said = buttons(page, show, currency, texts)
    assert [plain(button) for button in said] == [plain(expected(read(typed, currency), currency)) for typed in texts]


def test_the_field_holds_nothing_that_the_server_would_not_read() -> None:
    """An amount that a link asked for stands in the field: three decimals would be asked back."""
    for amount in (1250, 1000, 5, 1005000):
        amount *= 10  # noqa: PLW2901 - Stripe takes no smaller coin
        form = dataclasses.replace(samples.form("uk"), currency="kwd", amount=amount, minimum=0, maximum=10**12)
        html = pages.render(DonationPage(form, samples.ATTEMPT), samples.layout("uk"))
        value = html.split('id="own-amount"')[1].split('value="')[1].split('"')[0]
        assert from_decimal_text(value, "kwd").amount == amount
