"""An opened text looks like any other post: each element as wide, as far down, in the same letters, in two themes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from testkit.stack import Stack
from tests.sites.wordpress.sent import at_spilno
from tests.sites.wordpress.site import LINE, Site, walled

pytestmark = [pytest.mark.stack, pytest.mark.browser]

FIRST, _, REST = (Path(__file__).parent / "every-kind.html").read_text(encoding="utf-8").partition("<!--cut-->")
THEMES = ("twentytwentyone", "twentytwentythree")
# A meter opens it to a stranger at once.
METERED = LINE.replace("members", "metered")
MOST_TURNS = 10
MEASURED = """(box) => {
  const all = [...document.querySelectorAll(`${box} *`)].filter((one) => !one.closest("style, .spilno-read-on"));
  const top = all[0].getBoundingClientRect().y, tenth = (number) => Math.round(number * 10) / 10;
  const styles = ["display", "fontSize", "fontFamily", "fontWeight", "fontStyle", "lineHeight", "color", "float",
    "backgroundColor", "textAlign", "textDecorationLine", "marginTop", "marginBottom", "marginLeft", "marginRight",
    "paddingTop", "paddingBottom", "paddingLeft", "paddingRight", "borderTopWidth", "borderLeftWidth", "gap",
    "listStyleType"];
  return all.map((one) => {
    const { x, y, width, height } = one.getBoundingClientRect(), style = getComputedStyle(one);
    return [one.localName, ...[x, y - top, width, height].map(tenth), ...styles.map((name) => style[name])];
  });
}"""


@pytest.fixture(params=THEMES)
def theme(request: pytest.FixtureRequest, connected: Site) -> Iterator[str]:
    """The site with this theme."""
    connected.run("switch_theme($name);", name=request.param)
    yield str(request.param)
    connected.run("switch_theme('twentytwentythree');")


def looks(browser: Browser, site: Site, post: int, width: int, box: str) -> list[Any]:
    """What is measured of a post's text."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    try:
        page.goto(f"{site.url}/?p={post}")
        page.wait_for_selector(box)
        page.wait_for_function("document.fonts.ready.then(() => [...document.images].every((one) => one.complete))")
        assert page.evaluate("document.documentElement.scrollWidth") == width, "nothing sticks out"
        found: list[Any] = page.evaluate(MEASURED, box)
        return found
    finally:
        page.close()


OPENED = "spilno-wall[state=open]"


@pytest.mark.usefixtures("theme")
def test_an_opened_text_looks_like_any_other(browser: Browser, connected: Site) -> None:
    plain, closed = connected.insert(FIRST + REST), connected.insert(FIRST + METERED + REST)
    for width in (375, 1280):
        ungated = looks(browser, connected, plain, width, ".entry-content")
        assert len(ungated) > 40
        assert looks(browser, connected, closed, width, OPENED) == ungated, width
    # The control: a wall that is an element among others is noticed.
    connected.options(wall_classes="entry-content")
    assert looks(browser, connected, closed, 1280, OPENED) != ungated
    connected.options(wall_classes="")


@pytest.mark.usefixtures("theme")
def test_what_spilno_says_is_as_wide_as_a_paragraph(browser: Browser, connected: Site) -> None:
    post = connected.insert(walled("Початок, що його читають усі.", "Решта"))
    for width in (375, 1280):
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.goto(f"{connected.url}/?p={post}")
        page.wait_for_selector("spilno-wall[state=closed]")
        boxes = page.evaluate(
            """() => { const wall = document.querySelector("spilno-wall");
            return [wall.querySelector("p"), wall.shadowRoot.querySelector("[part~=appeal]")].map((one) =>
              [one.getBoundingClientRect().x, one.getBoundingClientRect().width]); }"""
        )
        page.close()
        assert boxes[0] == boxes[1], width


def test_another_theme_sends_each_text_anew(connected: Site, spilno: Stack) -> None:
    """Its HTML is made by the theme: groups have another box inside, and another padding."""
    post = connected.insert(FIRST + METERED + REST)
    before = at_spilno(spilno, post)
    connected.run("switch_theme('twentytwentyone'); do_action('after_switch_theme', '');")
    try:
        assert connected.run("return wp_next_scheduled('spilno_compare') - time();") <= 60
        # Each text is an event of its own, and a site that other tests filled has more of them than one turn does.
        after = None
        for _ in range(MOST_TURNS):
            connected.cron()
            after = at_spilno(spilno, post)
            if after is not None and after != before:
                break
        assert before is not None
        assert after is not None
        assert "wp-block-group__inner-container" in after["body_html"]
        assert "wp-block-group__inner-container" not in before["body_html"]
    finally:
        connected.run("switch_theme('twentytwentythree');")


@pytest.mark.parametrize(
    ("html", "with_rules"),
    [
        ("<p>a</p><p>b</p>", "<p>a</p><style>x</style><p>b</p>"),
        ("<div a='>'><br><p>a</p></div> b", "<div a='>'><br><p>a</p></div><style>x</style> b"),
        ("<!-- <p> --><figure><img src=x></figure>", "<!-- <p> --><figure><img src=x></figure><style>x</style>"),
        ("<hr/><p>a", "<hr/><style>x</style><p>a"),
        ("<p>never closed", "<style>x</style><p>never closed"),
        ("text", "<style>x</style>text"),
        ("</p><p>a</p>", "</p><style>x</style><p>a</p>"),
    ],
)
def test_a_style_sheet_is_neither_first_nor_last(site: Site, html: str, with_rules: str) -> None:
    assert site.run("return Spilno\\Look::with_rules($html, 'x');", html=html) == with_rules
