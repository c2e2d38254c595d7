"""The stand-in's pages as a person uses them, in Chromium, with axe."""

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from testkit.stand_in import StandIn
from tests.stand_in.test_pages import opened

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [360, 1200])
def test_a_person_pays_and_stops_in_the_browser(fresh: StandIn, page: Page, width: int) -> None:
    """Declined, another card, back; the portal; the control page. axe finds nothing on any of them."""
    page.set_viewport_size({"width": width, "height": 800})
    home = f"{fresh.url}/?from={{CHECKOUT_SESSION_ID}}"
    identifier, url = opened(fresh, "subscription", success_url=home)
    page.goto(url)
    _accessible(page)
    for label, text in (("Email", "olena@example.org"), ("Expiry", "12 / 34"), ("Name on card", "Олена")):
        page.get_by_label(label).fill(text)
    page.get_by_label("Card number").fill("4000 0000 0000 0002")
    page.get_by_label("CVC").fill("123")
    _press(page, "button", "Subscribe")
    expect(page.get_by_role("alert")).to_contain_text("declined")
    _accessible(page)
    page.get_by_label("Card number").fill("4242 4242 4242 4242")
    page.get_by_label("CVC").fill("123")
    _press(page, "button", "Subscribe")
    assert page.url.endswith(f"/?from={identifier}")
    _accessible(page)
    customer = str(fresh.client.checkout.sessions.retrieve(identifier).customer)
    page.goto(fresh.client.billing_portal.sessions.create({"customer": customer}).url)
    _accessible(page)
    _press(page, "link", "Cancel subscription")
    _press(page, "button", "Cancel subscription")
    expect(page.get_by_role("main")).to_contain_text("will not renew")
    _accessible(page)
    _press(page, "button", "Don't cancel")
    expect(page.get_by_role("main")).to_contain_text("The next payment is on")
    _press(page, "link", "Add payment method")
    _accessible(page)
    page.get_by_label("Card number").fill("4000 0000 0000 0002")
    page.get_by_label("Expiry").fill("12 / 34")
    page.get_by_label("CVC").fill("123")
    _press(page, "button", "Update")
    expect(page.get_by_role("alert")).to_contain_text("declined")
    _accessible(page)


def test_the_control_page_does_what_scripts_do(fresh: StandIn, page: Page) -> None:
    identifier, _ = opened(fresh, "subscription")
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(fresh.url)
    _press(page, "button", "Pay later")
    assert fresh.client.checkout.sessions.retrieve(identifier).payment_status == "unpaid"
    _press(page, "button", "Let it arrive")
    assert fresh.books()["eur"]["payments"] == 1
    _press(page, "button", "+ 31 days")
    assert fresh.books()["eur"]["payments"] == 2
    _press(page, "button", "Cancel at period end")
    page.get_by_label("New events").select_option("hold")
    _press(page, "button", "Set mode")
    _press(page, "button", "End now")
    assert "customer.subscription.deleted" not in fresh.receiver.types()
    _press(page, "button", "Release held")
    assert "customer.subscription.deleted" in fresh.receiver.types()
    _press(page, "button", "Resend: customer.subscription.deleted")
    assert fresh.receiver.types().count("customer.subscription.deleted") == 2
    _accessible(page)


def _press(page: Page, role: Literal["button", "link"], name: str) -> None:
    """Press it and wait for the page that it leads to: between two pages a tab has no document to look at."""
    with page.expect_navigation():
        page.get_by_role(role, name=name).click()


def _accessible(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"
