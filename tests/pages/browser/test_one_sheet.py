"""Receipts and statements on paper: one sheet of A4, in black, with all that they say."""

import re

import pytest
from playwright.sync_api import Page

from tests.pages import samples
from tests.pages.browser.test_in_browser import Show, show
from tests.pages.receipt_samples import statement

__all__ = ["show"]
pytestmark = pytest.mark.browser
ONE_SHEET = ("receipt", "receipt-every-line", "receipt-no-number", "statement", "statement-longest", "statement-none")


def sheets(tab: Page) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", tab.pdf(format="A4", prefer_css_page_size=True)))


def on_paper(tab: Page) -> str:
    """What can be read there."""
    tab.emulate_media(media="print")
    return " ".join(tab.inner_text("body").replace("\N{NO-BREAK SPACE}", " ").split())


@pytest.mark.parametrize("lang", samples.LANGUAGES)
def test_they_print_on_one_sheet_with_all_that_they_say(page: Page, show: Show, lang: str) -> None:
    shown = samples.sample_pages(lang)
    for name in ONE_SHEET:
        show(page, shown[name], lang)
        assert sheets(page) == 1, name
    show(page, shown["statement"], lang)
    said = on_paper(page)
    assert said.count("K7QX-9M2D") == 12
    assert ("60 €" if lang == "uk" else "€60") in said
    assert ("податковим" if lang == "uk" else "tax document") in said
    assert "2025" not in said, "other years are links for the screen"


def test_a_longer_statement_goes_on(page: Page, show: Show) -> None:
    """The negative control: what does not fit on one sheet is seen."""
    show(page, statement(samples.newsroom(), samples.NOW, 60))
    assert sheets(page) > 1
    assert on_paper(page).count("K7QX-9M2D") == 60
