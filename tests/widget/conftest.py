"""A fake API, and a page that embeds the elements."""

import logging
from collections.abc import Iterator

import pytest
from flask import Flask, Response
from playwright.sync_api import Browser, BrowserContext, Error, Page

from tests.widget.fake_api import TEASER, FakeApi, build, serve
from tests.widget.tab import Tab, has_its_own, new_context


class Site:
    """A website whose one page holds whatever the test puts into `body`."""

    def __init__(self, api: FakeApi) -> None:
        self.api = api
        self.body = ""
        self.lang: str | None = "uk"
        self.head = ""
        self.headers: dict[str, str] = {}
        self.port = 0

    def page(self) -> Response:
        """The page, with the script where a website would put it, unless `head` says otherwise."""
        lang = "" if self.lang is None else f' lang="{self.lang}"'
        head = self.head or f'<script src="{self.api.url}/widget.js" async></script>'
        return Response(
            f'<!doctype html><html{lang}><head><meta charset="utf-8"><title>Сторінка</title>'
            f'<meta name="viewport" content="width=device-width">{head}</head>'
            f"<body><main><h1>Заголовок</h1>{self.body}</main></body></html>",
            headers=self.headers,
        )

    def framed(self, sandbox: str) -> str:
        """The page in a frame, which is allowed what the address says."""
        return f'<!doctype html><iframe sandbox="{sandbox}" src="/" height="900"></iframe>'

    def donate(self, attributes: str = "") -> str:
        """Put `<spilno-donate>` on the page; answers the page's address."""
        link = f'<a href="{self.api.url}/donate">Підтримати</a>'
        self.body = f'<spilno-donate api="{self.api.url}" {attributes}>{link}</spilno-donate>'
        return self.url()

    def wall(self, attributes: str = 'article="demo-members"') -> str:
        """Put `<spilno-wall>` on the page; answers the page's address."""
        self.body = f'<spilno-wall api="{self.api.url}" {attributes}><p>{TEASER}</p></spilno-wall>'
        return self.url()

    def url(self, host: str = "127.0.0.1") -> str:
        """The page's address, under this name of the machine."""
        return f"http://{host}:{self.port}/"


@pytest.fixture(scope="session")
def running_api() -> Iterator[FakeApi]:
    """One fake API for all tests of this folder."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    api = FakeApi()
    server, port = serve(build(api))
    api.url = f"http://127.0.0.1:{port}"
    yield api
    server.shutdown()
    server.server_close()


@pytest.fixture
def api(running_api: FakeApi) -> FakeApi:
    """The fake API, forgetful of what other tests did."""
    running_api.forget()
    return running_api


@pytest.fixture(scope="session")
def running_site(running_api: FakeApi) -> Iterator[Site]:
    """One website for all tests of this folder."""
    site = Site(running_api)
    app = Flask("site")
    app.add_url_rule("/", view_func=site.page)
    app.add_url_rule("/at/<path:path>", "at", lambda path: site.page())  # noqa: ARG005 - the same page at any address
    app.add_url_rule("/framed/<sandbox>", "framed", site.framed)
    server, site.port = serve(app)
    yield site
    server.shutdown()
    server.server_close()


@pytest.fixture
def site(running_site: Site, api: FakeApi) -> Site:
    """The website, empty and Ukrainian."""
    running_site.api, running_site.body, running_site.lang = api, "", "uk"
    running_site.head, running_site.headers = "", {}
    return running_site


@pytest.fixture(scope="session")
def tab(browser: Browser) -> Iterator[Tab]:
    """The tab that the tests of this folder look at pages in."""
    tab = Tab(browser)
    yield tab
    tab.close()


@pytest.fixture
def context(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    """A browser profile on a phone; its only tab is `page`, unless the test is marked `own_tab`."""
    if has_its_own(request.node):
        own = new_context(browser)
        yield own
        own.close()
        return
    tab: Tab = request.getfixturevalue("tab")
    yield tab.page.context
    tab.empty()


@pytest.fixture
def page(request: pytest.FixtureRequest, context: BrowserContext) -> Iterator[Page]:
    """A tab in which any uncaught error of the page fails the test; others have used it, see `tab`."""
    page = context.new_page() if has_its_own(request.node) else context.pages[0]
    errors: list[str] = []

    def note(error: Error) -> None:
        errors.append(str(error))

    page.on("pageerror", note)
    yield page
    page.remove_listener("pageerror", note)
    assert errors == []
