"""Printing: the text and the teaser print, the elements' own parts do not."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from localdev.site.content import articles
from localdev.site.web import make_app
from testkit.ports import free_port
from tests.widget.conftest import Site
from tests.widget.fake_api import CANARY, TEASER, FakeApi, serve
from tests.widget.test_wall import sign_in_by_cookie
from tests.widget.unmended import without

pytestmark = pytest.mark.browser
OWN_PARTS = (
    "() => [...document.querySelectorAll('spilno-wall, spilno-donate')].flatMap((one) => [...one.root.children])"
)
SEEN = f"""() => ({OWN_PARTS})().filter((one) => one.localName !== "slot" && one.checkVisibility())
  .map((one) => one.getAttribute("part"))"""

LIGHT = """() => [...document.querySelectorAll("spilno-wall p:not(.read-on)")].filter((one) => one.checkVisibility())
  .map((one) => one.textContent.trim().replace(/\\s+/g, " "))"""


def reach(page: Page, context: BrowserContext, site: Site, api: FakeApi, state: str) -> None:
    """The wall in this state."""
    if state in {"open", "paid here"}:
        sign_in_by_cookie(context, api, "session" if state == "open" else "checkout")
    site.wall()
    site.body += f'<spilno-donate api="{api.url}"><a href="{api.url}/donate">Підтримати</a></spilno-donate>'
    page.goto(site.url("localhost" if state == "hosted" else "127.0.0.1"))
    expect(page.locator("spilno-wall [part]").first).to_be_visible()


@pytest.mark.parametrize("state", ["open", "paid here", "closed", "hosted", "broken"])
def test_what_prints(page: Page, context: BrowserContext, site: Site, api: FakeApi, state: str) -> None:
    if state == "broken":
        page.route("**/v1/articles/*", lambda route: route.abort())
        page.route("**/v1/newsroom", lambda route: route.abort())
    reach(page, context, site, api, state)
    assert page.evaluate(SEEN), "On the screen the elements show their parts."
    page.emulate_media(media="print")
    assert page.evaluate(SEEN) == []
    expect(page.get_by_text(TEASER)).to_be_visible()
    expect(page.get_by_text(CANARY)).to_be_visible(visible=state in {"open", "paid here"})
    page.emulate_media(media="screen")
    assert page.evaluate(SEEN)


def sheets(pdf: bytes) -> int:
    """How many pages a PDF has."""
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_a_printed_article_is_longer_than_its_headline(
    page: Page, context: BrowserContext, site: Site, api: FakeApi
) -> None:
    """By Chromium's own printing: twenty screens of text are several sheets of paper."""
    api.article = {"html": f"<p>{TEASER}</p>" + f"<p>{CANARY}</p>" * 200}
    reach(page, context, site, api, "open")
    assert sheets(page.pdf()) > 3


def test_before_the_mend_nothing_printed(page: Page, context: BrowserContext, site: Site, api: FakeApi) -> None:
    """The negative control: the slot was hidden, too."""
    api.scripts = without(":host > :not(slot) { display: none !important }", instead=":host > * { display: none }")
    api.article = {"html": f"<p>{TEASER}</p>" + f"<p>{CANARY}</p>" * 200}
    reach(page, context, site, api, "open")
    assert sheets(page.pdf()) == 1


@pytest.fixture
def newspaper(monkeypatch: pytest.MonkeyPatch, api: FakeApi) -> Iterator[str]:
    """The demo site itself, with its own style sheet for paper; answers the address of a gated article."""
    port = free_port()
    monkeypatch.setenv("SPILNO_PUBLIC_URL", api.url)
    monkeypatch.setenv("SPILNO_SITE_PORT", str(port))
    server, _ = serve(make_app(), port)
    yield f"http://127.0.0.1:{port}/articles/demo-members"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("state", ["open", "closed"])
def test_the_demo_site_prints_what_it_shows(
    page: Page, context: BrowserContext, api: FakeApi, newspaper: str, state: str
) -> None:
    """A supporter's printout is the whole article, a stranger's ends with the teaser; neither holds buttons."""
    article = next(one for one in articles() if one.id == "demo-members")
    api.article = {"html": article.body_html}
    if state == "open":
        sign_in_by_cookie(context, api)
    page.goto(newspaper)
    expect(page.locator("spilno-wall")).to_have_attribute("state", state)
    page.emulate_media(media="print")
    assert page.evaluate(SEEN) == []
    expect(page.locator("h1")).to_be_visible()
    printed = page.evaluate(LIGHT)
    wanted = article.body_html if state == "open" else article.teaser_html
    assert printed == [" ".join(text.split()) for text in re.findall(r"<p>(.*?)</p>", wanted, re.DOTALL)]
    assert page.locator("nav, .bar, button").evaluate_all("all => all.filter((one) => one.checkVisibility())") == []
    assert sheets(page.pdf()) > (1 if state == "open" else 0)
