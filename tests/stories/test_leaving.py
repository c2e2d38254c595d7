"""Leaving without an account: from the link in a mail or in a page's foot to the receipt, and what then happens."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from testkit.stack import Stack
from testkit.waiting import until
from tests.stories.conftest import NewReader
from tests.stories.reader import Reader, at_stripe, ledger_of, ops

pytestmark = [pytest.mark.stack, pytest.mark.browser]

NUMBER = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")


def is_clean(page: Page) -> None:
    """Nothing that axe finds, and nothing to scroll sideways for."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def declares(reader: Reader, button: str, **fields: str) -> str:
    """Fill in the page that stands open and press its one button; answers the statement's number."""
    is_clean(reader.page)
    for name, value in fields.items():
        reader.page.locator(f"[name={name}]").fill(value)
    reader.page.get_by_role("button", name=button, exact=True).click()
    reader.page.wait_for_url("**/statements/**")
    is_clean(reader.page)
    found = NUMBER.search(reader.page.locator("main").inner_text())
    assert found
    return found.group()


def linked(reader: Reader, subject: str, part: str) -> str:
    """Where a mail leads."""
    text: str = reader.mail(subject)["text"]
    return next(line for line in text.splitlines() if part in line)


def subscription_of(stack: Stack, email: str) -> dict[str, object]:
    [gift] = ops(stack, "supporter", email)[0]["recurring"]
    return at_stripe(stack, f"subscriptions/{gift['id']}")


def test_without_an_account_from_the_receipt_and_back_by_the_mail(new_reader: NewReader, stack: Stack) -> None:
    """On a phone, Ukrainian: the receipt's link knows the reference, the address is typed, and it is stopped."""
    giver = new_reader()
    giver.gives()
    leaver = new_reader(giver.email, phone=True)
    receipt = giver.mail("Дякуємо")
    way = next(line for line in receipt["text"].splitlines() if "/cancel?" in line)
    assert "gift=" in way, "the reference need not be typed"
    leaver.page.goto(way)
    leaver.sees_heading("Зупинити підтримку")
    number = declares(leaver, "Розірвати зараз", email=giver.email)
    leaver.sees_heading("Ми отримали вашу заяву про розірвання договору")
    ops(stack, "sweep")
    assert number in giver.mail("Ми отримали вашу заяву")["text"]
    until(lambda: subscription_of(stack, giver.email)["cancel_at"] is not None, "the gift to be stopped")
    # Its own address undoes it, without signing in.
    leaver.page.goto(linked(giver, "Підтримку зупинено", "/undo/"))
    leaver.page.get_by_role("button", name="Продовжити").click()
    leaver.sees("Ваша підтримка триває, як раніше")
    assert subscription_of(stack, giver.email)["cancel_at"] is None


def test_withdrawing_gives_the_money_back_after_the_link(new_reader: NewReader, stack: Stack) -> None:
    """English, on a phone, from the foot of a page, without a reference and without JavaScript."""
    giver = new_reader(lang="en")
    giver.gives("demo-members-en")
    leaver = new_reader(giver.email, phone=True, lang="en", javascript=False)
    leaver.opens_hosted("/donate?lang=en")
    leaver.page.get_by_role("contentinfo").get_by_role("link", name="Withdraw from contract here").click()
    leaver.page.locator("[name=email]").fill(giver.email)
    leaver.page.get_by_role("button", name="Confirm withdrawal", exact=True).click()
    leaver.sees_heading("We have received your withdrawal")
    ops(stack, "sweep")
    assert [entry["kind"] for entry in ledger_of(stack, giver.email)] == ["gift"], "no money by an address alone"
    leaver.page.goto(linked(giver, "Do you want to withdraw", "/confirm"))
    leaver.sees("we give back")
    leaver.page.get_by_role("button", name="Yes, give it back").click()
    # A sweep that runs just now may have it in hand: then the page says so, and "Done" when it is loaded again.
    leaver.sees_heading(re.compile("Done|Confirmed"))
    until(lambda: "Done" in shown_again(leaver), "what was confirmed to be done")
    entries = ledger_of(stack, giver.email)
    assert sorted(entry["kind"] for entry in entries) == ["gift", "refund"]
    assert sum(entry["amount"] for entry in entries) == 0
    assert subscription_of(stack, giver.email)["status"] == "canceled"
    assert giver.mail("We have refunded")
    assert ops(stack, "supporter", giver.email)[0]["access"]["tier"] is None


def test_a_stranger_sees_the_same_and_the_page_prints_as_a_receipt(new_reader: NewReader) -> None:
    """Nobody's address: the same page. With a German browser: the German law's words, on a page in English."""
    stranger = new_reader(lang="de-DE")
    stranger.opens_hosted("/cancel?lang=en")
    number = declares(stranger, "jetzt kündigen", email=stranger.email, comment="Danke\nund auf Wiedersehen")
    stranger.sees_heading("We have received your cancellation")
    stranger.page.emulate_media(media="print")
    expect(stranger.page.get_by_text(number)).to_be_visible()
    expect(stranger.page.get_by_text("auf Wiedersehen")).to_be_visible()
    expect(stranger.page.get_by_role("contentinfo").get_by_role("link", name="Verträge hier kündigen")).to_be_hidden()


def shown_again(reader: Reader) -> str:
    """The page that is open, loaded anew."""
    reader.page.reload()
    return reader.page.inner_text("main")
