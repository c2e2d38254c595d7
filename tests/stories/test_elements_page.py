"""The page `/elements` as a designer sees it, on the running stack."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.stories.conftest import NewReader

pytestmark = [pytest.mark.stack, pytest.mark.browser]

STATES = """[...document.querySelectorAll(".specimen spilno-wall")]
  .map((wall) => [wall.closest(".specimen").querySelector("h3")?.id, wall.getAttribute("state")])"""
# What a wall says by itself, without its line for editors.
SAYS = """(wall) => [...wall.shadowRoot.querySelectorAll("h2, p:not([part~=banner])")]
  .map((one) => one.textContent.trim()).filter(Boolean)"""
# Every wall has a sign-in of its own, and no page but this one shows thirty of them.
AXE = {"rules": {"landmark-unique": {"enabled": False}}}


def assert_clean_and_fitting(page: Page) -> None:
    """No finding of axe-core's, no sideways scrolling."""
    found = Axe().run(page, options=AXE).response["violations"]
    assert [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0


def test_a_designer_sees_every_state_and_makes_the_boxes_narrow(new_reader: NewReader) -> None:
    designer = new_reader()
    page = designer.page
    designer.opens("/elements")
    page.wait_for_load_state("networkidle")
    shown = dict(page.evaluate(STATES))
    assert {shown[f"wall-{name}"] for name in ("supporter", "paid", "metered")} == {"open"}
    closed = ("sign_in", "support", "higher_tier", "payment_failed", "meter_used")
    assert {shown[f"wall-{name}"] for name in closed} == {"closed"}
    assert shown["wall-hosted"] == "hosted"
    preview, stranger = (
        page.locator(f".specimen:has(#wall-{name}) .light spilno-wall").evaluate(SAYS)
        for name in ("preview-stranger", "sign_in")
    )
    assert preview == stranger, "what editors see before is what a stranger sees"
    assert len(stranger) >= 3
    links = page.locator(".specimen:has(#account-supporter) spilno-account").get_by_role(
        "link", name="Дякуємо за підтримку"
    )
    expect(links).to_have_count(2)
    failed = page.locator(".specimen:has(#wall-error) .light spilno-wall")
    expect(failed.get_by_role("alert")).to_be_visible()
    expect(failed).to_contain_text("Від понеділка паром")
    assert_clean_and_fitting(page)
    box = page.locator(".ground").first
    page.locator("#wide").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#narrow")).to_be_checked()
    assert box.evaluate("(one) => one.offsetWidth") == 320
    page.set_viewport_size({"width": 320, "height": 640})  # what 1280 px become at 400 % zoom
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0


def test_in_english_on_a_phone_in_the_dark_a_refusal_keeps_what_was_chosen(new_reader: NewReader) -> None:
    designer = new_reader(phone=True, dark=True, lang="en-GB")
    page = designer.page
    designer.opens("/en/elements")
    page.wait_for_load_state("networkidle")
    refused = page.locator(".specimen:has(#donate-refused) .dark spilno-donate")
    refused.get_by_role("button", name=re.compile("^Support us: ")).click()
    expect(refused.get_by_role("alert")).to_contain_text("payment")
    assert_clean_and_fitting(page)
