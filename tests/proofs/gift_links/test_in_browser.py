"""P20 in Chromium: a gift link that is fetched before anybody follows it counts nobody, and opens once followed."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest
from playwright.sync_api import Page, expect

from testkit.app_server import Answered, app, served
from testkit.calls import API
from testkit.gift_links import CANARY, gives, put
from testkit.harness import Harness
from testkit.own_address import supports
from testkit.visitor import Visitor
from testkit.waiting import until

pytestmark = pytest.mark.browser

AHEAD = ("linked", "fetched", "shown")  # by a link in the head, by rules, with all that the page does


class Newsroom:
    """The app behind a port, with a page beside it that has three gift links fetched ahead."""

    def __init__(self, giver: Visitor, tokens: dict[str, str]) -> None:
        self.giver, self.tokens, self.origin = giver, tokens, ""
        self.asked: list[tuple[str, str]] = []
        self._app = app()

    def answer(self, request: BaseHTTPRequestHandler, body: bytes) -> Answered:
        """The page at `/site`, else the app, whose own address is this one."""
        self.asked.append((request.path, request.headers.get("Sec-Purpose", "")))
        if request.path == "/site":
            return 200, [("Content-Type", "text/html")], self._page().encode()
        status, headers, answer = self._app(request, body)
        return status, [(name, value.replace(API, self.origin)) for name, value in headers], answer

    def address(self, article: str) -> str:
        """The gift link's address on our page."""
        return f"/read/{article}?gift={self.tokens[article]}"

    def _page(self) -> str:
        linked, fetched, shown = map(self.address, AHEAD)
        rules = (
            f'{{"prefetch": [{{"urls": ["{fetched}"], "eagerness": "immediate"}}],'
            f' "prerender": [{{"urls": ["{shown}"], "eagerness": "immediate"}}]}}'
        )
        links = " ".join(f'<a href="{self.address(name)}">{name}</a>' for name in AHEAD)
        head = f'<link rel="prefetch" href="{linked}"><script type="speculationrules">{rules}</script>'
        return f"<!doctype html><title>site</title>{head}<p>{links}</p>"


@pytest.fixture
def site(harness: Harness) -> Iterator[Newsroom]:
    for article in AHEAD:
        put(harness, article=article)
    giver = supports(harness)
    made = Newsroom(giver, {article: gives(giver, article) for article in AHEAD})
    with served(made.answer) as port:
        made.origin = f"http://127.0.0.1:{port}"
        yield made


def test_what_is_fetched_ahead_counts_nobody_and_opens_once_followed(site: Newsroom, page: Page) -> None:
    page.goto(f"{site.origin}/site")
    links = {site.address(name) for name in AHEAD}
    until(lambda: {path for path, purpose in site.asked if purpose} >= links, "all three were fetched ahead")
    page.wait_for_timeout(300)  # and on to where each leads
    assert [link["readers"] for link in site.giver.get("/v1/me/gift-links").json] == [0, 0, 0]
    for name in AHEAD:
        page.goto(f"{site.origin}/site")
        page.get_by_role("link", name=name).click()
        expect(page).to_have_url(f"{site.origin}/read/{name}")
        assert CANARY in page.content(), name
        page.reload()
        assert CANARY in page.content(), name
        page.go_back()
        page.go_forward()
        assert CANARY in page.content(), name
    assert [link["readers"] for link in site.giver.get("/v1/me/gift-links").json] == [1, 1, 1]
