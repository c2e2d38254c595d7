"""What any cache may keep is the same for everybody and sets no cookie: over the whole table of routes."""

from typing import Any

import pytest

from chalicelib import settings
from chalicelib.articles.rows.articles import packed
from chalicelib.articles.rules import sealed_text
from chalicelib.http import endpoint
from chalicelib.http.call import NO_STORE, Answer, Call, Cookie, kept_by_all
from chalicelib.http.elements import address_of
from chalicelib.http.route import Route
from chalicelib.http.routes import NOTHING_HERE, ROUTES
from testkit.calls import SITE, Reply, event
from testkit.harness import Harness
from testkit.people import member
from testkit.visitor import Visitor
from tests.reading.test_articles import BODY, put

GETS = [route for route in (*ROUTES, NOTHING_HERE) if route.method == "GET"]
PUBLIC = {
    "/v1/newsroom",
    "/widget.js",
    "/widget/{name}",
    "/v1/articles/{id}/seal",
    "/v1/articles/{id}/sealed/{version}",
    "/v1/machines",
    "/robots.txt",
    "/license.xml",
}
VERSION = sealed_text.version("mist", "members", packed(BODY), settings.from_environment({}).seal_keys[0])
PART = address_of("wall")
READERS = {
    "Accept-Language": "en",
    "Accept": "text/html",
    "Authorization": "Bearer a.b.c",
    "Sec-Fetch-Site": "cross-site",
    "User-Agent": "another",
    "X-Spilno-Country": "UA",
    "CloudFront-Viewer-Country": "UA",
}


def asked(visitor: Visitor, route: Route, article: str, **headers: str) -> Reply:
    path = route.path.replace("{id}", article).replace("{token}", "a.b").replace("{proxy+}", "nothing/here")
    path = path.replace("{name}", PART).replace("{version}", VERSION)
    return visitor.get(path + ("?needs=members" if path == "/v1/access" else ""), **headers)


def is_public(reply: Reply) -> bool:
    return "public" in reply.headers["cache-control"]


@pytest.mark.parametrize("article", ["mist", "unknown"])
def test_what_may_be_kept_is_the_same_for_everybody(harness: Harness, article: str) -> None:
    put(harness)
    supporter = Visitor()
    member(harness, supporter)
    found = set()
    for route in GETS:
        stranger = asked(Visitor(), route, article)
        if not is_public(stranger):
            assert stranger.headers["cache-control"] == NO_STORE
            continue
        found.add(route.path)
        assert not stranger.set_cookies
        assert asked(supporter, route, article) == stranger, "cookies make no difference"
        assert asked(supporter, route, article, **READERS) == stranger, "nor does anything else that a reader sends"
    assert found == PUBLIC, "What the contract lets be kept."


def test_no_answer_that_sets_a_cookie_may_be_kept(harness: Harness) -> None:
    """For a supporter, for somebody whose cookies are old, and for a stranger."""
    put(harness)
    supporter, former = Visitor(), Visitor()
    member(harness, supporter)
    former.cookies = dict.fromkeys(supporter.cookies, "old")
    set_by = 0
    for visitor in (Visitor(), supporter, former):
        for route in GETS:
            reply = asked(visitor, route, "mist", Origin=SITE)
            set_by += bool(reply.set_cookies)
            assert not (reply.set_cookies and is_public(reply)), route.path
    assert set_by > 3, "or this looks at nothing"


def _careless(cookies: tuple[Cookie, ...]) -> Any:
    def show(_call: Call) -> Answer:
        return Answer({}, cookies=cookies, cache=kept_by_all(60))

    return show


@pytest.mark.usefixtures("harness")
@pytest.mark.parametrize("cookies", [(), (Cookie("__Host-spilno-pass", "a", 60),)])
def test_a_view_that_sets_a_cookie_on_a_public_answer_is_kept_nowhere(
    monkeypatch: pytest.MonkeyPatch, cookies: tuple[Cookie, ...]
) -> None:
    """Whatever a later view says. The negative control is the same view without the cookie."""
    route = Route("GET", "/careless", "", "")
    monkeypatch.setattr(endpoint, "view", lambda _route: _careless(cookies))
    answer = endpoint.handle(route, event("GET", "/v1/newsroom", "", {}, "192.0.2.1"))
    assert answer.headers["Cache-Control"] == (NO_STORE if cookies else "public, max-age=60")


@pytest.mark.usefixtures("harness")
def test_a_public_routes_view_sees_nothing_of_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Call] = []

    def show(call: Call) -> Answer:
        seen.append(call)
        return Answer({})

    monkeypatch.setattr(endpoint, "view", lambda _route: show)
    told = {"Cookie": "__Host-spilno-session-8000=a", "Origin": SITE, **READERS}
    for public in (True, False):
        route = Route("GET", "/told", "", "", public=public)
        endpoint.handle(route, event("GET", "/v1/newsroom", "", told, "192.0.2.1"))
    assert (seen[0].headers, seen[0].cookies) == ({}, {})
    assert seen[1].cookies, "the negative control"
