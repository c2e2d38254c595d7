"""One tab in which test after test looks at a page: a tab of its own costs each a second of the processor's time."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page

# What remains in a tab, or is counted in it, however often it is emptied: who does any of it has a tab of their own.
STAYS = (
    *("add_init_script", "expose_", "new_cdp_session", "new_context", "new_page", "grant_permissions"),
    *("page.on(", "page.route(", "context.route(", ".clock", "emulate_media", "set_viewport", "set_offline"),
    *("history", "go_back", "spilno-account", "masthead", "mirrored("),
)
_KEPT = "() => { try { return localStorage.length + sessionStorage.length } catch { return 0 } }"


def new_context(browser: Browser) -> BrowserContext:
    """A browser profile of its own, on a phone 360 pixels wide."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="uk-UA")
    context.set_default_timeout(8000)
    _ask_no_more(context)
    return context


def has_its_own(test: pytest.Item) -> bool:
    """Whether a test gets a tab that nobody has used; those of another folder do, whoever hands them the fixtures."""
    return test.get_closest_marker("own_tab") is not None or test.path.parent != Path(__file__).parent


class Tab:
    """The tab; made at first use, and anew after it could not be emptied."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._page: Page | None = None

    @property
    def page(self) -> Page:
        """The tab as a test finds it."""
        if self._page is None:
            self._page = new_context(self._browser).new_page()
        return self._page

    def empty(self) -> None:
        """Let go of the page that was looked at and of its cookies. Whatever else it kept fails the test."""
        page = self.page
        kept, context = 0, page.context
        try:
            kept = page.evaluate(_KEPT)
            for other in context.pages:
                if other is not page:
                    other.close()
            page.goto("about:blank")
            context.clear_cookies()
            _ask_no_more(context)
        except Error:
            self.close()
        if kept:
            self.close()
        assert not kept, "The page has kept something for whoever looks next: mark this test `own_tab`."

    def close(self) -> None:
        """The next test has a new one."""
        if self._page is not None:
            self._page.context.close()
            self._page = None


def _ask_no_more(context: BrowserContext) -> None:
    """Asked about once already, as everybody is who has been here before."""
    context.add_cookies([{"name": "spilno-asked", "value": "1", "url": "http://127.0.0.1"}])
