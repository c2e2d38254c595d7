"""A fake API, and a page that embeds the elements."""

import logging
from collections.abc import Iterator

import pytest
from flask import Flask, Response
from playwright.sync_api import Browser, BrowserContext, Page

from tests.widget.fake_api import TEASER, FakeApi, build, serve


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


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser profile of its own, on a phone 360 pixels wide."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="uk-UA")
    context.set_default_timeout(8000)
    # Asked about once already, as everybody is who has been here before.
    context.add_cookies([{"name": "spilno-asked", "value": "1", "url": "http://127.0.0.1"}])
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A tab in which any uncaught error of the page fails the test."""
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    assert errors == []
