"""What a foreign page can do with our reader's browser: nothing, with their cookies or without.

SameSite=Lax takes the cookies off a foreign page's post. What is left is no harmless call of nobody's: its answer
sets cookies in the reader's browser, and its limits are those of everybody behind the reader's address.
"""

import re
from collections.abc import Mapping
from unittest.mock import patch
from urllib.parse import urlencode

import pytest

from chalicelib.http.call import Answer, Call
from chalicelib.http.endpoint import handle
from chalicelib.http.route import Route
from chalicelib.http.routes import ROUTES
from testkit.calls import API, SITE, Reply, event
from testkit.harness import Harness
from testkit.people import SESSION
from testkit.visitor import Visitor

FORM = "application/x-www-form-urlencoded"
_SAFE = ("GET", "HEAD")
CHANGING = sorted({(route.method, route.path) for route in ROUTES if route.browser and route.method not in _SAFE})
# Routes that read no cookie may be called by a page without an origin: a mail program's own browser is one.
COOKIELESS = {(route.method, route.path) for route in ROUTES if route.cookieless}
# Mail programs send a form of either kind there (RFC 8058), and nothing in it says more than the address.
ANY_BODY = {route.path for route in ROUTES if route.cookieless and not route.takes}
# What browsers send from a page that is not ours.
FOREIGN: dict[str, Mapping[str, str]] = {
    "form or script": {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
    "without fetch metadata": {"Origin": "https://evil.example"},
    "without origin": {"Sec-Fetch-Site": "cross-site"},
    "sandboxed": {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    "no-referrer": {"Origin": "null"},
    "sibling": {"Origin": "http://blog.127.0.0.1:8000", "Sec-Fetch-Site": "same-site"},
    "sibling, silent": {"Sec-Fetch-Site": "same-site"},
    "other scheme": {"Origin": SITE.replace("http:", "https:"), "Sec-Fetch-Site": "cross-site"},
    "empty": {"Origin": " "},
    "two at once": {"Origin": f"{SITE}, https://evil.example"},
}
OURS: dict[str, Mapping[str, str]] = {
    "website": {"Origin": SITE, "Sec-Fetch-Site": "same-site"},
    "website, old browser": {"Origin": SITE},
    "own page": {"Origin": API, "Sec-Fetch-Site": "same-origin"},
    "own page that sends no referrer": {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
    "reload": {"Sec-Fetch-Site": "none"},
    "program": {},
}
GIFT = {"amount": "500000", "currency": "eur", "interval": "year", "attempt": "attempt-of-a-foreign-page"}


def sent(method: str, path: str, headers: Mapping[str, str], *, body: str = urlencode(GIFT)) -> Reply:
    """A call as a foreign page would have a browser send it, whatever the route wants."""
    filled = re.sub(r"\{\w+\}", "x.y", path)
    return Visitor(origin=None).call(method, filled, body, {"Content-Type": FORM, "Accept": "text/html", **headers})


def test_there_is_something_to_guard() -> None:
    assert len(CHANGING) >= 7


@pytest.mark.parametrize("headers", FOREIGN.values(), ids=FOREIGN)
@pytest.mark.parametrize(("method", "path"), CHANGING)
def test_a_foreign_page_changes_nothing_and_sets_nothing(
    harness: Harness, method: str, path: str, headers: Mapping[str, str]
) -> None:
    if headers.get("Origin") == "null" and (method, path) in COOKIELESS:
        pytest.skip("reads no cookie: see below")
    before = harness.memory.rows()
    reply = sent(method, path, headers)
    assert reply.status == 403
    assert reply.set_cookies == ()
    assert harness.memory.rows() == before
    assert harness.mails.sent == []
    assert not harness.stripe.of("checkout.session")


@pytest.mark.parametrize("headers", OURS.values(), ids=OURS)
@pytest.mark.parametrize(("method", "path"), CHANGING)
@pytest.mark.usefixtures("harness")
def test_foreign_is_what_is_refused(method: str, path: str, headers: Mapping[str, str]) -> None:
    """The negative control: from where it may come from, each of these calls gets to its view."""
    assert sent(method, path, headers).status != 403


@pytest.mark.parametrize(("method", "path"), sorted(COOKIELESS & set(CHANGING)))
@pytest.mark.usefixtures("harness")
def test_what_reads_no_cookie_may_come_from_a_page_without_an_origin(method: str, path: str) -> None:
    assert sent(method, path, FOREIGN["no-referrer"]).status != 403
    assert sent(method, path, FOREIGN["sandboxed"]).status != 403
    assert sent(method, path, FOREIGN["form or script"]).status == 403, "and from no other"


@pytest.mark.usefixtures("harness")
def test_no_cookie_reaches_what_reads_none() -> None:
    seen = []

    def view(call: Call) -> Answer:
        seen.append(dict(call.cookies))
        return Answer({})

    with patch("chalicelib.http.endpoint.view", lambda _route: view):
        for cookieless in (True, False):
            route = Route("POST", "/v1/session", "any:view", "", cookieless=cookieless)
            handle(route, event("POST", "/v1/sign-in", "", {"Cookie": "__Host-spilno-session-8000=s"}, "192.0.2.1"))
    assert seen == [{}, {SESSION: "s"}]


@pytest.mark.usefixtures("harness")
def test_a_foreign_page_cannot_use_up_the_limit_of_everybody_behind_one_address() -> None:
    for _ in range(70):
        sent("POST", "/v1/checkouts", FOREIGN["form or script"], body="{}")
        sent("POST", "/v1/sign-in", FOREIGN["sandboxed"])
    neighbour = Visitor()
    assert neighbour.post("/v1/sign-in", {"email": "maria@reader.example"}).status == 202
    assert neighbour.submit("/donate", GIFT).status == 303


@pytest.mark.parametrize("kind", [None, "text/plain", "text/plain;charset=UTF-8", "multipart/form-data; boundary=x"])
@pytest.mark.parametrize("path", sorted({path for method, path in CHANGING if method == "POST"} - ANY_BODY))
@pytest.mark.usefixtures("harness")
def test_a_body_says_what_it_is(path: str, kind: str | None) -> None:
    """What a foreign page may send without asking us first is no JSON; what says nothing least of all."""
    headers = {"Content-Type": kind} if kind else {}
    sent_to = re.sub(r"\{\w+\}", "x.y", path)
    assert Visitor().call("POST", sent_to, '{"email": "maria@reader.example"}', headers).status == 415


@pytest.mark.parametrize("kind", ["application/json", "Application/JSON ; charset=utf-8", "application/json\t"])
@pytest.mark.usefixtures("harness")
def test_json_says_so_in_any_spelling(kind: str) -> None:
    body = '{"email": "maria@reader.example"}'
    assert Visitor().call("POST", "/v1/sign-in", body, {"Content-Type": kind}).status == 202
