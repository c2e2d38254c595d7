"""What is small stays easy to hit, and an error's mark is seen on light pages as on dark ones."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from chalicelib.colours import contrast
from elements.build import SOURCES
from tests.widget.conftest import Site
from tests.widget.fake_api import FakeApi
from tests.widget.test_wall import unfold_sign_in

STYLE = (SOURCES / "shared" / "style.css").read_text("utf-8")
GROUNDS = ("#ffffff", "#fdfbf7", "#f2ede4", "#2a2622", "#171512", "#000000")
WANTED = 3.0  # WCAG 2.2, 1.4.11: what is no text
SMALLEST = 24  # CSS pixels, 2.5.8


def faint(mark: str) -> set[str]:
    """The pages on which this colour is hard to see."""
    return {ground for ground in GROUNDS if contrast(mark, ground) < WANTED}


def test_the_mark_of_an_error_is_seen_on_light_and_on_dark() -> None:
    found = re.search(r"--e: var\(--spilno-error, (#[0-9a-f]{6})\)", STYLE)
    assert found
    assert faint(found[1]) == set()


def test_the_mark_of_before_was_not() -> None:
    """The negative control."""
    assert faint("#b3261e") == {"#2a2622", "#171512"}


BOXES = """(wall) => [...wall.root.querySelectorAll("button, input, a")].map((one) => {
  const { left, top, right, bottom } = one.getBoundingClientRect();
  return [one.textContent.trim() || one.name || one.type, left, top, right, bottom];
})"""


@pytest.mark.browser
def test_all_targets_of_the_code_form_are_large_enough_and_apart(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    unfold_sign_in(page, context, site, api)
    page.get_by_label(re.compile("Електронна адреса")).fill("olena@example.org")
    page.get_by_role("button", name="Надіслати код").click()
    expect(page.get_by_label("Код із листа")).to_be_focused()
    boxes = page.locator("spilno-wall").evaluate(BOXES)
    assert len(boxes) == 5
    for name, left, top, right, bottom in boxes:
        assert right - left >= SMALLEST, name
        assert bottom - top >= SMALLEST, name
        for other, left2, top2, right2, bottom2 in boxes:
            apart = right < left2 or right2 < left or bottom < top2 or bottom2 < top
            assert name == other or apart, f"{name} touches {other}"
    tick, label = page.get_by_role("checkbox"), page.get_by_text("Запам’ятати мене на цьому пристрої")
    beside, words = tick.bounding_box(), label.bounding_box()
    assert beside
    assert words
    assert words["x"] > beside["x"] + beside["width"], "a second line hangs under the first, not under the box"
