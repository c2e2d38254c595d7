"""P20 in Chromium: tabs at one instant, reload and Back, and pages that are fetched before anybody looks at them."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from testkit.app_server import Answered, app, served
from testkit.harness import Harness
from testkit.waiting import until
from tests.reading.metered import CANARY, newsroom

pytestmark = pytest.mark.browser

AHEAD = ("linked", "fetched", "shown")  # by a link in the head, by rules, with all that the page does
ARTICLES = (*AHEAD, *(f"{name}{number}" for name in ("now", "later") for number in range(6)))
SPECULATES = """<!doctype html><title>site</title>
<link rel="prefetch" href="/read/linked">
<script type="speculationrules">
{"prefetch": [{"urls": ["/read/fetched"], "eagerness": "immediate"}],
 "prerender": [{"urls": ["/read/shown"], "eagerness": "immediate"}]}
</script>
<p><a href="/read/linked">linked</a> <a href="/read/fetched">fetched</a> <a href="/read/shown">shown</a></p>"""


class Newsroom:
    """The app behind a port, with a page of the site beside it; what was asked, with its purpose."""

    def __init__(self) -> None:
        self.origin = ""
        self.asked: list[tuple[str, str]] = []

    def answer(self, request: BaseHTTPRequestHandler, body: bytes) -> Answered:
        """The site's page at `/site`, else the app."""
        self.asked.append((request.path, request.headers.get("Sec-Purpose", "")))
        if request.path == "/site":
            return 200, [("Content-Type", "text/html")], SPECULATES.encode()
        return self._app(request, body)

    _app = staticmethod(app())


@pytest.fixture
def site(harness: Harness) -> Iterator[Newsroom]:
    newsroom(harness, *ARTICLES)
    made = Newsroom()
    with served(made.answer) as port:
        made.origin = f"http://127.0.0.1:{port}"
        yield made


def marks(context: BrowserContext) -> list[str]:
    return [one["name"] for one in context.cookies() if "-m-" in one["name"]]


def opens(page: Page, address: str) -> bool:
    page.goto(address)
    return CANARY in page.content()


def test_six_tabs_at_one_instant_and_then_none(site: Newsroom, context: BrowserContext, page: Page) -> None:
    page.goto(f"{site.origin}/site")
    page.evaluate("for (let n = 0; n < 6; n += 1) open(`/read/now${n}`)")
    while len(context.pages) < 7:
        page.wait_for_timeout(20)
    tabs = context.pages[1:]
    for tab in tabs:
        tab.wait_for_load_state()
    opened = sum(CANARY in tab.content() for tab in tabs)
    assert 3 <= opened <= 6
    assert len(marks(context)) == opened, "what opened is remembered, whichever answer came last"
    assert not any(opens(page, f"{site.origin}/read/later{number}") for number in range(6))
    assert sum(opens(page, f"{site.origin}/read/now{number}") for number in range(6)) == opened


def test_reload_and_back_are_free(site: Newsroom, context: BrowserContext, page: Page) -> None:
    assert opens(page, f"{site.origin}/read/now0")
    page.reload()
    assert opens(page, f"{site.origin}/read/now1")
    page.go_back()
    expect(page.get_by_text(CANARY)).to_be_visible()
    page.reload()
    assert len(marks(context)) == 2


@pytest.mark.parametrize("name", AHEAD)
def test_what_is_fetched_ahead_counts_only_once_it_is_read(
    site: Newsroom, context: BrowserContext, page: Page, name: str
) -> None:
    page.goto(f"{site.origin}/site")
    ahead = {f"/read/{one}" for one in AHEAD}
    until(lambda: ahead <= {path for path, purpose in site.asked if "prefetch" in purpose}, "all were fetched ahead")
    page.wait_for_timeout(300)
    assert not marks(context)
    page.get_by_text(name).click()
    page.wait_for_url(f"**/read/{name}")
    expect(page.get_by_text(CANARY)).to_be_visible()
    assert len(marks(context)) == 1
