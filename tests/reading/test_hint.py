"""The hint for the scripts of a page: set, renewed and removed by what an answer found, and never believed."""

import json
import re

import pytest

from chalicelib.http.cookies import parse
from chalicelib.kernel.moments import RealTime
from testkit.calls import Reply, event, invoke
from testkit.clock import NOW
from testkit.harness import Harness
from testkit.people import CHECKOUT, MARIA, PASS, SESSION, member, watch
from testkit.visitor import Visitor
from tests.reading.test_articles import BODY, CANARY, TEASER, put
from tests.reading.test_paid_here import paid_here

ASK, ASKED = "spilno-ask-8000", "spilno-asked-8000"
DAY, YEAR = 86_400, 365 * 86_400
READS = [
    "/v1/session",
    "/v1/access?needs=members",
    "/v1/articles/mist",
    "/read/mist",
    "/account",
    "/sign-in",
    "/donate",
    "/v1/me",
]
REMOVED = f"{ASK}=; Path=/; Secure; SameSite=Lax; Max-Age=0"


def told(reply: Reply, name: str = ASK) -> list[str]:
    """What an answer says to the browser about the hint."""
    return [header for header in reply.set_cookies if header.startswith(f"{name}=")]


def said(life: int | None, name: str = ASK) -> str:
    age = "" if life is None else f"; Max-Age={life}"
    return f"{name}=1; Path=/; Secure; SameSite=Lax{age}"


def signed_in(harness: Harness) -> Visitor:
    visitor = Visitor()
    member(harness, visitor)
    return visitor


def of_the_release_before(harness: Harness) -> Visitor:
    """A session that began before there was a hint; its pass is over."""
    visitor = signed_in(harness)
    return Visitor(cookies={SESSION: visitor.cookies[SESSION]})


def started(visitor: Visitor) -> str:
    gift = {"amount": 500, "currency": "eur", "interval": "month", "attempt": "a" * 20}
    return str(visitor.post("/v1/checkouts", gift).json["id"])


@pytest.mark.parametrize("path", READS)
def test_a_session_of_the_release_before_gets_it_at_its_next_answer(harness: Harness, path: str) -> None:
    put(harness)
    old = of_the_release_before(harness)
    harness.pass_time(10 * DAY)
    reply = old.navigate(path)
    assert told(reply) == [said(YEAR - 10 * DAY)], "as long as the session's own cookie"
    assert not told(reply, ASKED)
    assert not told(old.navigate(path)), "once is enough"


def test_whoever_signs_in_has_it_as_long_as_the_session(harness: Harness) -> None:
    reply = harness.sign_in(Visitor(), MARIA)
    assert told(reply) == [said(YEAR)]
    reply = harness.sign_in(Visitor(), MARIA, remember=False)
    assert told(reply) == [said(None)]
    again = Visitor(cookies={ASK: "1"})
    assert told(harness.sign_in(again, MARIA)) == [said(YEAR)], "an older one may end too early"
    payer = Visitor()
    started(payer)
    assert told(harness.sign_in(payer, MARIA, remember=False)) == [said(DAY)], "the checkout outlives the browser"


@pytest.mark.parametrize("everywhere", ["", "?everywhere=true"])
def test_sign_out_removes_it(harness: Harness, everywhere: str) -> None:
    visitor = signed_in(harness)
    assert told(visitor.delete(f"/v1/session{everywhere}")) == [REMOVED]
    assert ASK not in visitor.cookies
    page = Visitor()
    harness.sign_in(page, MARIA)
    assert told(page.submit("/account/sign-out", {"everywhere": "true"} if everywhere else {})) == [REMOVED]


@pytest.mark.parametrize("path", READS)
@pytest.mark.parametrize("value", ["1", "0", "", "yes; no", "<b>", "x" * 4000, '"1"', "%00"])
def test_an_answer_that_finds_nobody_removes_it(harness: Harness, path: str, value: str) -> None:
    """And whoever has none is told nothing, except that it was asked for an article."""
    put(harness)
    reply = Visitor(cookies={ASK: value}).navigate(path)
    assert told(reply) == ([REMOVED] if value else [])
    assert not told(Visitor().navigate(path))


@pytest.mark.parametrize("path", READS)
def test_a_session_that_is_over_is_nobody(harness: Harness, path: str) -> None:
    put(harness)
    visitor = signed_in(harness)
    other = Visitor(cookies={SESSION: visitor.cookies[SESSION], ASK: "1"})
    visitor.delete("/v1/session?everywhere=true")
    assert told(other.navigate(path)) == [REMOVED]


def test_a_forged_hint_opens_nothing_and_costs_one_call(harness: Harness) -> None:
    put(harness)
    put(harness, "tier:patron", "notes")
    for name in ("mist", "notes"):
        forger = Visitor(cookies={ASK: "1", ASKED: "1"})
        reply = forger.get(f"/v1/articles/{name}")
        assert (reply.json["decision"], reply.json["html"]) == ({"open": False, "reason": "sign_in"}, TEASER)
        assert CANARY not in reply.text
        assert ASK not in forger.cookies, "the next page asks no more"
    assert not Visitor(cookies={ASK: "1"}).get("/v1/access?needs=members").json["open"]
    assert Visitor(cookies={ASK: "1"}).get("/v1/me").code == "not_signed_in"
    assert Visitor(cookies={ASK: "1"}).get("/v1/session").json == {"signed_in": False}


def test_every_answer_is_the_same_with_and_without_it(harness: Harness) -> None:
    """It decides nothing: bodies and statuses do not differ, whoever asks."""
    put(harness)
    supporter = signed_in(harness)
    kept = {name: value for name, value in supporter.cookies.items() if name != ASK}
    for cookies in ({}, kept):
        for path in READS:
            replies = [
                Visitor(cookies={**cookies, **more}).navigate(path)
                for more in ({}, {ASK: "1"}, {ASK: "x", ASKED: "1"})
            ]
            bare = [(one.status, _without_what_is_new(one.text)) for one in replies]
            assert bare[0] == bare[1] == bare[2], path


def _without_what_is_new(text: str) -> str:
    """A page's attempt, its nonce and an answer's pass are new each time."""
    return re.sub(r"[A-Za-z0-9_-]{20,}(\.[A-Za-z0-9_-]+){0,2}", "…", text)


def test_a_paid_checkout_has_it_for_what_is_left_of_its_day(harness: Harness) -> None:
    put(harness)
    payer = paid_here(harness)
    harness.pass_time(DAY - 600)
    reply = payer.get("/v1/articles/mist")
    assert (reply.json["html"], told(reply)) == (BODY, [said(600)])
    assert not told(reply, ASKED)
    harness.pass_time(601)
    reply = payer.get("/v1/articles/mist")
    assert (told(reply), told(reply, ASKED)) == ([REMOVED], [said(400 * DAY, ASKED)])


def test_who_pays_and_never_comes_back_from_stripe_is_asked_for(harness: Harness) -> None:
    """The tab is closed on Stripe's page; Stripe tells us; the article, looked at before and after, opens (P16)."""
    put(harness)
    payer = Visitor(cookies={ASKED: "1"})
    checkout = started(payer)
    assert payer.cookies[ASK] == "1"
    before = payer.get("/v1/articles/mist")
    assert not before.json["decision"]["open"]
    assert payer.cookies[ASK] == "1", "it may yet be paid"
    harness.tell(harness.stripe.pay(checkout, MARIA))
    assert payer.get("/v1/articles/mist").json["html"] == BODY


def test_a_checkout_that_came_to_nothing_is_nobody(harness: Harness) -> None:
    put(harness)
    payer = Visitor()
    checkout = started(payer)
    harness.tell(harness.stripe.expire(checkout))
    assert told(payer.get("/v1/articles/mist")) == [REMOVED]


def test_coming_back_from_stripe_begins_it_anew(harness: Harness) -> None:
    payer = Visitor()
    checkout = started(payer)
    harness.pass_time(3600)
    harness.stripe.pay(checkout, MARIA)
    assert told(payer.get(f"/v1/checkouts/return?session_id={checkout}")) == [said(DAY)]
    assert not told(payer.navigate(f"/thanks/{checkout}")), "it has it by now"
    del payer.cookies[ASK]
    assert told(payer.navigate(f"/thanks/{checkout}")) == [said(DAY)]
    assert not told(Visitor().navigate(f"/thanks/{checkout}")), "another browser has nothing to ask for"


def test_what_was_not_looked_up_is_not_said_to_be_gone(harness: Harness) -> None:
    """The giving page looks for a session only: it does not know what a payment opened here."""
    payer = paid_here(harness)
    payer.cookies[ASK] = "1"
    for path in ("/donate", "/sign-in", "/account", "/v1/me"):
        assert not told(payer.navigate(path)), path


def test_who_has_a_good_pass_is_told_nothing_and_costs_no_read(harness: Harness) -> None:
    put(harness)
    held = {PASS: signed_in(harness).cookies[PASS]}
    reads = watch(harness)
    for cookies in (held, {**held, ASK: "1"}, {**held, ASK: "x"}):
        reply = Visitor(cookies=dict(cookies)).get("/v1/access?needs=members")
        assert (reply.json["open"], reply.set_cookies) == (True, ())
    assert reads.calls == 0
    assert Visitor(cookies=dict(held)).get("/v1/articles/mist").set_cookies == (), "nor is anything looked up here"


def test_an_outage_says_nothing_of_the_reader(harness: Harness) -> None:
    put(harness)
    visitor = of_the_release_before(harness)
    visitor.cookies[ASK] = "1"
    watch(harness, down=True)
    reply = visitor.get("/v1/session")
    assert (reply.status, reply.set_cookies) == (503, ())


def test_head_sets_none(harness: Harness) -> None:
    put(harness)
    for visitor in (of_the_release_before(harness), Visitor(cookies={ASK: "1"})):
        assert visitor.call("HEAD", "/v1/articles/mist").set_cookies == ()


def test_asked_is_said_once_and_only_where_an_article_was_asked_for(harness: Harness) -> None:
    put(harness)
    stranger = Visitor()
    for path in READS:
        if path != "/v1/articles/mist":
            assert not told(stranger.navigate(path), ASKED), path
    assert told(stranger.get("/v1/articles/mist"), ASKED) == [said(400 * DAY, ASKED)]
    assert not told(stranger.get("/v1/articles/mist"), ASKED)
    assert not told(Visitor(origin=None).get("/v1/articles/mist", **harness.cms_key()), ASKED)


def test_on_a_site_of_several_hosts_all_of_them_see_it(harness: Harness) -> None:
    harness.wiring.settings = harness.settings._replace(
        public_url="https://support.news.example", site_origins=("https://www.news.example",)
    )
    names = {"ask": "spilno-ask-80", "asked": "spilno-asked-80"}
    visitor = Visitor(origin="https://www.news.example")
    reply = harness.sign_in(visitor, MARIA)
    assert told(reply, names["ask"]) == [
        f"spilno-ask-80=1; Path=/; Domain=news.example; Secure; SameSite=Lax; Max-Age={YEAR}"
    ]
    assert not [one for one in reply.set_cookies if one.startswith("__Host-") and "Domain" in one]
    put(harness)
    asked = Visitor(cookies={names["ask"]: "1"}).get("/v1/articles/mist")
    assert told(asked, names["ask"]) == [
        "spilno-ask-80=; Path=/; Domain=news.example; Secure; SameSite=Lax; Max-Age=0"
    ]
    assert "; Domain=news.example; Secure; SameSite=Lax; Max-Age=" in told(asked, names["asked"])[0]


# ---- tossed by a page of a sibling domain ----


def asked_with(*lines: str) -> Reply:
    sent = event("GET", "/v1/articles/mist", "", {"Cookie": lines[-1]}, "192.0.2.1")
    sent["multiValueHeaders"]["Cookie"] = list(lines)
    return invoke(sent)


def test_a_hundred_of_them_do_nothing_and_cost_the_reader_no_session(harness: Harness) -> None:
    put(harness)
    session = f"{SESSION}={signed_in(harness).cookies[SESSION]}"
    tossed = [f"{ASK}={value}" for value in ("0", "1", "x", "") for _ in range(25)]
    for lines in (["; ".join([*tossed, session])], [session, *tossed], ["; ".join([session, *tossed])]):
        reply = asked_with(*lines)
        assert reply.json["html"] == BODY
        assert not told(reply), "one of them says yes"
    assert told(asked_with(f"{session}; {ASK}=0; {ASK}=x")) == [said(YEAR)], "none does: it is set right"
    nobody = asked_with("; ".join(tossed))
    assert told(nobody) == [REMOVED]
    assert not nobody.json["decision"]["open"]


@pytest.mark.parametrize("name", ["spilno-session-8000", "spilno-pass-8000"])
def test_a_name_without_the_prefix_is_never_one_of_the_others(harness: Harness, name: str) -> None:
    put(harness)
    value = signed_in(harness).cookies[f"__Host-{name}"]
    assert not asked_with(f"{name}={value}").json["decision"]["open"]
    assert asked_with(f"{name}=tossed; __Host-{name}={value}").json["html"] == BODY


def test_of_several_the_one_counts_that_says_yes() -> None:
    assert parse([f"{ASK}=0; {ASK}=1; {ASK}=2"]) == parse([f"{ASK}=1", f"{ASK}=0"]) == {ASK: "1"}
    assert parse([f"{SESSION}=a; {SESSION}=b; {ASK}=0"]) == {ASK: "0"}, "a secret that comes twice is none"


def test_it_says_nothing_but_yes(harness: Harness) -> None:
    """No secret and nothing of the supporter stands in it: P13."""
    put(harness)
    visitor = signed_in(harness)
    for name in (ASK, ASKED):
        assert visitor.cookies.get(name, "1") == "1"
    rows = json.dumps([str(item) for item in harness.items()])
    assert "spilno-ask" not in rows, "nothing of it is stored"


def test_a_session_that_began_before_the_clock_was_set_back_has_a_hint_too(harness: Harness) -> None:
    visitor = of_the_release_before(harness)
    harness.clock.real = RealTime(NOW - DAY)
    assert told(visitor.get("/v1/session")) == [said(YEAR + DAY)]
    assert CHECKOUT not in visitor.cookies
