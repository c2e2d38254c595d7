"""What an article asks of its readers, as everybody may know it: public, cookieless, not one byte of text."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.articles.actions.stored_article import KEPT_FOR
from chalicelib.articles.rows import articles
from chalicelib.articles.rules.policy import MEMBERS
from chalicelib.kernel.keys import moment
from chalicelib.kernel.table import Table, TableUnavailable
from testkit.calls import SITE, Reply
from testkit.clock import NOW
from testkit.harness import Harness
from testkit.people import member
from testkit.tables import Around
from testkit.visitor import Visitor
from tests.reading.test_articles import BODY, CANARY, TEASER, URL, everything, put

ELSEWHERE = "https://elsewhere.example"


def seal(visitor: Visitor | None = None, article: str = "mist", headers: dict[str, str] | None = None) -> Reply:
    return (visitor or Visitor()).get(f"/v1/articles/{article}/seal", **(headers or {}))


def age(reply: Reply) -> int:
    """How long any cache may keep it."""
    kind, seconds, *_ = reply.headers["cache-control"].split(", ")
    assert kind == "public"
    return int(seconds.removeprefix("max-age="))


@pytest.mark.parametrize(
    ("access", "requires"),
    [("open", None), ("metered", "members"), ("members", "members"), ("tier:patron", "tier:patron")],
)
def test_it_says_what_the_cms_put_and_what_that_needs_now(
    harness: Harness, access: str, requires: str | None
) -> None:
    put(harness, access)
    sealed = {"version", "needs", "sealed", "key" if requires is None else "ticket"}
    told = seal().json
    assert {name: told.pop(name) for name in sealed}, "which tests/articles/test_sealing.py is about"
    assert told == {"access": access, "requires": requires, "opens_at": None, "closes_at": None}
    assert seal().json["requires"] == Visitor().get("/v1/articles/mist").json["requires"]


def test_dates_change_what_it_needs_and_how_long_it_is_kept(harness: Harness) -> None:
    put(harness, "tier:patron", opens_at=moment(NOW + 90), closes_at=moment(NOW + 150))
    told = []
    for _ in range(6):
        reply = seal()
        told.append((reply.json["requires"], age(reply)))
        harness.clock.business += 30
    patron = "tier:patron"
    assert told == [(patron, 60), (patron, 60), (patron, 30), (None, 60), (None, 30), (patron, 60)]
    assert (reply.json["opens_at"], reply.json["closes_at"]) == (moment(NOW + 90), moment(NOW + 150))


@pytest.mark.parametrize("before", [1, 59, 60, 61])
def test_no_cache_keeps_it_beyond_a_change_and_each_keeps_it_for_a_second(harness: Harness, before: int) -> None:
    put(harness, "open", closes_at=moment(NOW + before))
    assert age(seal()) == min(before, 60)
    harness.clock.business += before
    assert (age(seal()), seal().json["requires"]) == (60, "members")


@pytest.mark.parametrize(
    ("access", "dates", "ends"),
    [
        ("open", {"closes_at": NOW + 90}, True),
        ("members", {"opens_at": NOW - 1, "closes_at": NOW + 3600}, True),
        ("open", {}, False),
        ("members", {"opens_at": NOW + 90}, False),
        ("members", {}, False),
        ("open", {"closes_at": NOW - 1}, False),
    ],
)
def test_the_key_of_what_closes_is_kept_by_no_cache_through_an_outage(
    harness: Harness, access: str, dates: dict[str, int], *, ends: bool
) -> None:
    """P15: caches may go on with what is over while we are away, but not with a key beyond its hour."""
    put(harness, access, **{name: moment(at) for name, at in dates.items()})
    said = seal().headers["cache-control"].split(", ")
    assert ("must-revalidate" in said, "stale-if-error=0" in said) == (ends, ends)
    assert not ends or "key" in seal().json


@pytest.mark.parametrize("access", ["open", "members", "tier:patron"])
def test_not_one_byte_of_the_text(harness: Harness, access: str) -> None:
    """P7, and more: neither teaser, title nor address."""
    put(harness, access, title="Слово-титул")
    for reply in (seal(), seal(article="unknown"), Visitor().call("HEAD", "/v1/articles/mist/seal")):
        for word in (CANARY, TEASER, BODY, "Слово-титул", URL):
            assert word not in everything(reply)
    assert CANARY in Visitor(origin=None).get("/v1/articles/mist", **harness.cms_key()).text, "it is there"


def test_everybody_gets_the_same(harness: Harness) -> None:
    put(harness)
    supporter = Visitor()
    member(harness, supporter)
    assert {"__Host-spilno-session-8000", "__Host-spilno-pass-8000"} <= set(supporter.cookies)
    replies = [
        seal(),
        seal(supporter),
        seal(headers={"Origin": SITE}),
        seal(headers={"Origin": ELSEWHERE}),
        seal(headers={"Origin": "null"}),
        seal(headers={"Authorization": "Bearer x", "Accept-Language": "uk", "Accept": "text/html"}),
        seal(headers=harness.cms_key()),
    ]
    assert all(reply == replies[0] for reply in replies)
    assert replies[0].headers["access-control-allow-origin"] == "*"
    assert replies[0].headers.get("vary", "Accept-Encoding") == "Accept-Encoding", "not by origin"
    assert "access-control-allow-credentials" not in replies[0].headers
    assert replies[0].set_cookies == ()


@pytest.mark.parametrize(
    ("what", "public"),
    [("seal", True), ("sealed/k1.aaaaaaaaaaaaaaaaaaaaaaaa", True), ("key", False)],
)
@pytest.mark.parametrize("origin", [ELSEWHERE, "null", SITE])
def test_any_websites_page_may_ask_for_what_is_public_with_headers_of_its_own(
    harness: Harness, what: str, origin: str, *, public: bool
) -> None:
    """A reader of feeds, or a service worker, sends more than a page does. The control is the key's call."""
    put(harness)
    wants = {"Origin": origin, "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "x-reader"}
    told = Visitor().call("OPTIONS", f"/v1/articles/mist/{what}", headers=wants).headers
    allowed = {name: told.get(f"access-control-allow-{name}") for name in ("origin", "headers", "credentials")}
    if public:
        assert allowed == {"origin": "*", "headers": "*", "credentials": None}
        assert told["access-control-allow-methods"] == "GET"
    else:
        assert allowed["origin"] == (SITE if origin == SITE else None)


def test_it_asks_for_no_session(harness: Harness) -> None:
    """Only the article is read, and by a warm function once in ten seconds."""
    put(harness)
    supporter = Visitor()
    member(harness, supporter)
    read: list[Any] = []
    harness.table = Around(harness.table, lambda call, what: read.append((call, what)))
    for _ in range(5):
        assert seal(supporter).status == 200
    assert [call for call, _ in read] == ["get"]
    supporter.get("/v1/session")
    assert len(read) > 1, "the negative control: who asks for the session reads it"


@pytest.mark.parametrize("headers", [{}, {"Accept": "text/html"}, {"Accept-Language": "uk"}, {"Origin": ELSEWHERE}])
def test_an_unknown_article_is_kept_for_a_moment_and_appears_once_it_is_put(
    harness: Harness, headers: dict[str, str]
) -> None:
    reply = seal(article="new", headers=headers)
    assert (reply.status, reply.code) == (404, "unknown_article")
    assert age(reply) == KEPT_FOR, "not longer than a warm function keeps what it has"
    assert reply.headers["access-control-allow-origin"] == "*"
    assert reply.json["title"] == "We do not have this article.", "in one language, as caches keep it"
    put(harness, article="new")
    assert seal(article="new").status == 200


def test_a_bad_identifier_is_kept_nowhere() -> None:
    reply = seal(article="a%20b")
    assert (reply.status, reply.headers["cache-control"]) == (400, "private, no-store")


def test_an_outage_is_kept_nowhere(harness: Harness) -> None:
    put(harness)

    def away(*_: object) -> None:
        raise TableUnavailable("no")

    working: Table = harness.table
    harness.table = Around(working, away)
    reply = seal()
    assert (reply.status, reply.code) == (503, "table_down")
    assert reply.headers["cache-control"] == "private, no-store"
    harness.table = working
    assert seal().status == 200


def test_a_change_by_the_cms_shows_within_the_time_that_a_function_keeps_articles(harness: Harness) -> None:
    put(harness, "open")
    assert seal().json["access"] == "open"
    changed = articles.read(harness.memory, "mist")
    assert changed
    articles.put(harness.memory, replace(changed, access=MEMBERS))  # as another function does
    harness.clock.real += KEPT_FOR
    assert seal().json["access"] == "members"
    Visitor(origin=None).delete("/v1/articles/mist", **harness.cms_key())
    harness.clock.real += KEPT_FOR
    assert seal().status == 404
