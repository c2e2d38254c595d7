"""The hosted pages as readers set their screens up: dark, forced colours, larger text, narrow; and on paper."""

import dataclasses
import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from chalicelib.giving.views.pages import DonationPage
from chalicelib.http import pages
from chalicelib.mail import letters
from chalicelib.signing_in.views.pages import EnterCodePage
from testkit.chromium import ARGUMENTS, executable
from tests.pages import samples
from tests.pages.browser.test_in_browser import Show, serve

pytestmark = pytest.mark.browser
NAMES = tuple(samples.sample_pages("uk"))
GROUND = "getComputedStyle(document.body).backgroundColor"
TOO_WIDE = """most => [...document.querySelectorAll("body *")]
  .filter((one) => one.getBoundingClientRect().right > most).map((one) => one.outerHTML.slice(0, 120))"""
WIDTH = "document.documentElement.scrollWidth"
DARK_GROUND, WHITE = "rgb(23, 21, 18)", "rgb(255, 255, 255)"
# With eleven recurring gifts in every state there is more to say; so there is of six links in every state.
SHEETS = {"account-every-state": 4, "links": 2, "reading-signed-in": 2}


@pytest.fixture(scope="module")
def dark(browser: Browser) -> Iterator[tuple[Page, Show]]:
    """A narrow tab of a reader with a dark screen."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, color_scheme="dark")
    yield context.new_page(), serve(context)
    context.close()


def faint(tab: Page) -> list[str]:
    """What axe-core finds too faint to read."""
    results = Axe().run(
        tab, options={"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
    )
    return [node["html"][:120] for one in results.response["violations"] for node in one["nodes"]]


def prints_on_one_sheet(tab: Page, sheets: int) -> None:
    """Black on white, from a dark screen too, and nothing to press."""
    tab.emulate_media(media="print")
    assert tab.evaluate(GROUND) == WHITE
    assert tab.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    # A receipt of a test says so on paper, too.
    pressed = "button, .button, form, input, .tabs, .skip, body:not(:has(.paper)) .test-banner"
    assert tab.locator(pressed).evaluate_all("all => all.filter((one) => one.checkVisibility()).length") == 0
    assert (tab.locator("h1").text_content() or "").strip()
    assert len(re.findall(rb"/Type\s*/Page\b", tab.pdf(format="A4"))) == sheets
    tab.emulate_media(media="screen")


@pytest.mark.parametrize("name", NAMES)
def test_a_dark_page_can_be_read_and_prints(dark: tuple[Page, Show], name: str) -> None:
    tab, show = dark
    tab.emulate_media(media="screen")  # one that failed left it on paper
    show(tab, samples.sample_pages("uk")[name])
    assert tab.evaluate(GROUND) == DARK_GROUND
    assert faint(tab) == []
    prints_on_one_sheet(tab, SHEETS.get(name, 1))


def test_text_that_stayed_dark_would_be_found(dark: tuple[Page, Show]) -> None:
    """The negative control of the test above: one property that does not follow."""
    tab, show = dark
    show(tab, samples.sample_pages("uk")["donate-month"])
    tab.evaluate("() => document.documentElement.style.setProperty('--quiet', '#5b554c')")
    assert len(faint(tab)) > 3


@pytest.mark.parametrize("accent", ["#ffe600", "#0a0a0a", "#fdfdfd", "#808080"])
def test_any_accent_can_be_read_on_a_real_page(dark: tuple[Page, Show], accent: str) -> None:
    tab, _ = dark
    tab.goto("about:blank")  # under no policy
    layout = dataclasses.replace(samples.layout("uk"), accent=accent)
    for name in ("donate-problem", "thanks-paid", "read-support"):
        tab.set_content(pages.render(samples.sample_pages("uk")[name], layout))
        assert tab.evaluate(GROUND) == DARK_GROUND
        assert faint(tab) == [], name
        tab.emulate_media(color_scheme="light")
        assert faint(tab) == [], name
        tab.emulate_media(color_scheme="dark")


def test_the_way_back_is_written_out_on_paper(dark: tuple[Page, Show]) -> None:
    tab, show = dark
    show(tab, samples.sample_pages("uk")["read-open"])
    link = tab.locator(".way-back a")
    written = "one => getComputedStyle(one, '::after').content"
    assert link.evaluate(written) == "none"
    tab.emulate_media(media="print")
    assert samples.SITE in link.evaluate(f"one => ({written})(one) + one.href")
    assert link.evaluate(written) != "none"
    feet = tab.locator(".colophon li").evaluate_all(
        "all => all.filter((one) => one.checkVisibility()).map((one) => one.querySelector('a').pathname)"
    )
    assert feet == ["/support/donate"], "and where to give, as a form on paper gives nothing"
    tab.emulate_media(media="screen")


def test_text_twice_as_large_fits_a_phone(browser: Browser) -> None:
    """WCAG 1.4.4 and 1.4.10, as a reader's own setting of the browser makes it."""
    arguments = [*ARGUMENTS, "--blink-settings=defaultFontSize=32"]
    large = browser.browser_type.launch(executable_path=executable(), args=arguments)
    context = large.new_context(viewport={"width": 360, "height": 740})
    tab, show = context.new_page(), serve(context)
    for name in NAMES:
        show(tab, samples.sample_pages("uk")[name])
        assert tab.evaluate("getComputedStyle(document.body).fontSize") == "36px"
        assert tab.evaluate(WIDTH) == 360, (name, tab.evaluate(TOO_WIDE, 360))
    large.close()


def test_what_is_chosen_and_what_has_the_focus_is_seen_in_forced_colours(browser: Browser) -> None:
    context = browser.new_context(forced_colors="active", viewport={"width": 360, "height": 740})
    tab, show = context.new_page(), serve(context)
    show(tab, DonationPage(samples.form("uk"), samples.ATTEMPT))
    ground = "one => getComputedStyle(one).backgroundColor"
    edge = "one => getComputedStyle(one).borderLeftWidth"
    tabs, amounts = tab.locator(".tabs button"), tab.locator(".amount label")
    assert len({tabs.nth(place).evaluate(ground) for place in range(3)}) == 2
    chosen = tab.locator("input:checked + label")
    assert chosen.evaluate(ground) != amounts.last.evaluate(ground)
    tab.locator("input:checked").focus()
    tab.keyboard.press("ArrowDown")
    assert chosen.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    assert chosen.evaluate(ground) != amounts.last.evaluate(ground)
    show(tab, EnterCodePage(problem="Код не підходить."))
    assert tab.locator(".alert").evaluate(edge) == "4px"
    assert tab.locator("#code").evaluate(edge) == "2px"
    context.close()


def test_every_mail_can_be_read_on_a_dark_screen_and_none_is_wider_than_a_phone(dark: tuple[Page, Show]) -> None:
    tab, _ = dark
    tab.goto("about:blank")  # under no policy
    for name, mail in samples.sample_mails("uk").items():
        html = letters.compose(mail, samples.letterhead("uk"), samples.ADDRESS).html
        tab.set_content(html)
        assert tab.evaluate(GROUND) == DARK_GROUND
        assert faint(tab) == [], name
        assert tab.evaluate(WIDTH) == 360, name
    tab.set_content(html.replace(".ink{", ".none{"))
    assert faint(tab) != [], "the negative control: ink that stays dark"


def test_a_mail_prints_black_on_white(dark: tuple[Page, Show]) -> None:
    tab, _ = dark
    tab.goto("about:blank")
    mail = samples.sample_mails("uk")["thanks_once_all_known"]
    tab.set_content(letters.compose(mail, samples.letterhead("uk"), samples.ADDRESS).html)
    tab.emulate_media(media="print")
    assert tab.evaluate(GROUND) == WHITE
    for part in ("h1", "td.ink", "th"):
        assert tab.locator(part).first.evaluate("one => getComputedStyle(one).color") == "rgb(0, 0, 0)"
    assert len(re.findall(rb"/Type\s*/Page\b", tab.pdf(format="A4"))) == 1
    tab.emulate_media(media="screen")
