"""What docs/sites/swapping.md shows, on a site whose pages Turbo or htmx swaps: each swapped page works."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.sites.from_docs import blocks
from tests.sites.routers.routers import ROUTERS, RouterSite, build, need_the_libraries
from tests.widget.fake_api import CANARY, FakeApi, serve
from tests.widget.test_wall import sign_in_by_cookie

pytestmark = pytest.mark.browser
SWAPPING = blocks("sites/swapping.md")


@dataclass
class PageOfTheDocs(RouterSite):
    """A site with the blocks of the page."""

    def typed(self, name: str) -> str:
        return SWAPPING[name].replace("http://127.0.0.1:8000", self.api_url)

    def head(self) -> str:
        return self.typed("head")

    def wall(self, name: str) -> str:
        return self.typed("page").replace("mist", name)


@pytest.mark.parametrize("router", ["turbo", "htmx 1", "htmx 2", "htmx 4"])
def test_each_page_that_is_swapped_in_works(router: str, page: Page, context: BrowserContext, api: FakeApi) -> None:
    need_the_libraries()
    site = PageOfTheDocs(api.url, ROUTERS[router])
    server, site.port = serve(build(site))
    try:
        sign_in_by_cookie(context, api)
        page.goto(site.url("/"))
        page.evaluate("() => { window.sameDocument = true; }")
        for name in ("one", "two"):
            page.get_by_role("navigation").get_by_role("link", name=name).click()
            expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
            expect(page.get_by_text(CANARY)).to_be_visible()
            expect(page.locator("spilno-donate")).to_have_count(1)
        assert page.evaluate("window.sameDocument"), "the router swapped, the browser did not load"
    finally:
        server.shutdown()
        server.server_close()
