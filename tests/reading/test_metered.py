"""Metered articles over HTTP: what opens, what is counted, and by which calls never."""

from dataclasses import replace

import pytest

from chalicelib.kernel.moments import rfc3339
from chalicelib.metering.rules.meter import month_at
from chalicelib.newsroom.rules import Limits, Meter
from chalicelib.observing import log_context
from chalicelib.supporters.rules.access import DAY, Standing
from testkit.calls import API
from testkit.clock import NOW
from testkit.harness import ADA, Harness
from testkit.people import MARIA, member, monthly, watch
from testkit.visitor import Visitor
from tests.reading.metered import CANARY, decision, marks, newsroom, read


def test_three_open_and_the_decision_says_what_is_left(harness: Harness) -> None:
    newsroom(harness, *"abcde")
    reader = Visitor()
    ends = rfc3339(month_at(harness.now(), harness.newsroom.zone).resets_at)
    assert [decision(reader, one) for one in "abacd"] == [
        {"open": opens, "reason": reason, "left": left, "limit": 3, "resets_at": ends, **again}
        for opens, reason, left, again in [
            (True, "metered", 2, {"again": False}),
            (True, "metered", 1, {"again": False}),
            (True, "metered", 1, {"again": True}),
            (True, "metered", 0, {"again": False}),
            (False, "meter_used", 0, {}),
        ]
    ]
    assert len(marks(reader)) == 3


def test_text_and_page_of_an_article_count_once(harness: Harness) -> None:
    newsroom(harness, *"abcd")
    reader = Visitor()
    for article in "abc":
        assert CANARY in reader.navigate(f"/read/{article}").text
    assert read(reader, *"abcd") == "+++-"
    assert CANARY not in reader.navigate("/read/d").text
    assert CANARY in reader.navigate("/read/a").text


def test_a_mark_is_a_cookie_of_ours_alone_that_ends_with_the_month(harness: Harness) -> None:
    newsroom(harness, "a")
    reply = Visitor().get("/v1/articles/a")
    (cookie,) = [one for one in reply.set_cookies if "-m-" in one]
    ends = month_at(harness.now(), harness.newsroom.zone).resets_at
    assert cookie.startswith("__Host-spilno-m-")
    assert cookie.endswith(f"; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={ends - NOW}")
    assert len(cookie.partition(";")[0]) < 60


@pytest.mark.parametrize("meter", [None, Meter(0, 5)])
def test_without_an_allowance_metered_counts_as_members(harness: Harness, meter: Meter | None) -> None:
    newsroom(harness, "a", meter=meter)
    reader = Visitor()
    assert decision(reader, "a") == {"open": False, "reason": "sign_in"}
    assert not marks(reader)


def test_dates_count_before_the_meter(harness: Harness) -> None:
    now = harness.clock.business
    newsroom(harness, "opened", opens_at=rfc3339(now))
    newsroom(harness, "closed", closes_at=rfc3339(now))
    newsroom(harness, "later", opens_at=rfc3339(now + DAY), closes_at=rfc3339(now + 2 * DAY))
    reader = Visitor()
    assert decision(reader, "opened") == {"open": True, "reason": "open"}
    assert decision(reader, "closed") == {"open": False, "reason": "sign_in"}
    assert not marks(reader)
    assert decision(reader, "later")["reason"] == "metered"
    harness.pass_time(2 * DAY)
    assert decision(reader, "later") == {"open": False, "reason": "sign_in"}, "also to who has read it"


def test_supporters_are_never_counted(harness: Harness) -> None:
    newsroom(harness, *"abcdefg")
    reader = Visitor()
    member(harness, reader)
    assert {decision(reader, one)["reason"] for one in "abcdefg"} == {"supporter"}
    assert not marks(reader)
    assert not [row for row in harness.items() if row["sk"].startswith("METER#")]
    reader.cookies = {name: value for name, value in reader.cookies.items() if "pass" in name}
    assert decision(reader, "a") == {"open": True, "reason": "supporter"}, "by the pass alone"


def test_who_is_signed_in_shares_five_between_devices(harness: Harness) -> None:
    newsroom(harness, *"abcdefgh")
    harness.supporter(ADA)
    phone, computer = Visitor(), Visitor()
    harness.sign_in(phone, ADA)
    harness.sign_in(computer, ADA)
    assert read(phone, *"abc") == "+++"
    assert read(computer, *"cdefa") == "+++-+"
    assert decision(phone, "f")["reason"] == "meter_used"
    assert decision(phone, "e") | {"resets_at": ""} == {
        "open": True,
        "reason": "metered",
        "left": 0,
        "limit": 5,
        "resets_at": "",
        "again": True,
    }
    assert not marks(phone) | marks(computer)


def test_whose_payment_failed_reads_by_the_meter_and_is_then_told_of_the_failure(harness: Harness) -> None:
    newsroom(harness, *"abcdef")
    harness.supporter(MARIA, Standing((), (monthly(days=-20, status="past_due"),)))
    reader = Visitor()
    harness.sign_in(reader, MARIA)
    said = [decision(reader, one) for one in "abcdef"]
    assert [one["reason"] for one in said] == ["metered"] * 5 + ["payment_failed"]
    assert (said[0]["limit"], said[5]["left"]) == (5, 0)


@pytest.mark.parametrize(
    "sent",
    [
        {"Sec-Purpose": "prefetch"},
        {"Sec-Purpose": "prefetch;prerender"},
        {"Sec-Purpose": "prefetch;anonymous-client-ip"},
        {"Purpose": "prefetch"},
        {"X-Moz": "prefetch"},
        {"X-Purpose": "preview"},  # Safari's Top Sites, Facebook's app
        {"X-Sec-Purpose": "prefetch", "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"},  # Turbo's hovering
        {"HX-Preloaded": "true"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
        # From the newsroom's own pages, where our cookies do come along: a picture in a comment is no reader.
        {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "script"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "style"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "video"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "empty"},
        {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
        # A website's server that asks on a reader's behalf, with a pass: the marks would stay with the server.
        {"Authorization": "Bearer a.b.c"},
    ],
)
@pytest.mark.parametrize("signed_in", [False, True])
def test_what_nobody_reads_or_keeps_opens_and_counts_nothing(
    harness: Harness, sent: dict[str, str], *, signed_in: bool
) -> None:
    newsroom(harness, *"ab")
    reader = Visitor()
    if signed_in:
        harness.supporter(ADA)
        harness.sign_in(reader, ADA)
    assert read(reader, "a") == "+"
    before, rows = marks(reader), harness.rows()
    for article in "ab":
        found = decision(reader, article, **sent)
        assert found == {"open": False, "reason": "support" if signed_in else "sign_in"}
        reply = reader.get(f"/read/{article}", Accept="text/html", **sent)
        assert CANARY not in reply.text
        assert reply.headers["cache-control"] == "private, no-store"
    assert (marks(reader), harness.rows()) == (before, rows)
    assert decision(reader, "b")["left"] == (3 if signed_in else 1)


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty", "Origin": API},
        {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"},
        {"Sec-Purpose": "none"},
        {"Sec-Purpose": "prefetched"},
        {"Purpose": "reading"},
    ],
)
def test_a_reader_is_let_in(harness: Harness, sent: dict[str, str]) -> None:
    """The negative control of the test above."""
    newsroom(harness, "a")
    assert read(Visitor(), "a", **sent) == "+"


def test_a_closed_page_that_is_fetched_ahead_is_kept_by_no_browser(harness: Harness) -> None:
    """Its reader would see the teaser, though the meter opens the article; shown in Chromium, too."""
    newsroom(harness, "a")
    ahead = {"Accept": "text/html", "Sec-Purpose": "prefetch;prerender", "Sec-Fetch-Mode": "navigate"}
    reader, supporter = Visitor(), Visitor()
    assert reader.get("/read/a", **ahead).status == 403
    member(harness, supporter)
    reply = supporter.get("/read/a", **ahead)
    assert (reply.status, CANARY in reply.text) == (200, True), "what is open anyway may be fetched ahead"
    assert reader.get("/read/a", **{**ahead, "Sec-Purpose": ""}).status == 200


def test_head_counts_nothing(harness: Harness) -> None:
    newsroom(harness, *"ab")
    reader = Visitor()
    for path in ("/v1/articles/a", "/read/a"):
        reply = reader.call("HEAD", path)
        assert (reply.status, reply.text, reply.set_cookies) == (200, "", ())
    assert decision(reader, "b")["left"] == 2


def test_from_one_address_so_many_first_openings_an_hour(harness: Harness) -> None:
    newsroom(harness, *"abcd")
    harness.wiring.newsroom = replace(harness.newsroom, limits=Limits(metered=3))
    assert [decision(Visitor(), "a")["reason"] for _ in range(4)] == ["metered"] * 3 + ["sign_in"]
    assert decision(Visitor(), "a") == {"open": False, "reason": "sign_in"}
    assert decision(Visitor(client="192.0.2.77"), "a")["open"]
    harness.pass_time(50 * 60)
    assert not decision(Visitor(), "a")["open"], "an hour, and not ten minutes"
    harness.pass_time(70 * 60)
    assert decision(Visitor(), "a")["open"]


def test_a_pass_opens_through_an_outage_and_the_meter_does_not(harness: Harness) -> None:
    """P15. The article itself was read a moment ago; the session of who holds nothing is not looked up: 503."""
    newsroom(harness, *"ab")
    supporter, stranger, signed_in, down = Visitor(), Visitor(), Visitor(), watch(harness)
    member(harness, supporter)
    harness.supporter(ADA)
    harness.sign_in(signed_in, ADA)
    assert read(stranger, *"ab") == "++"
    assert read(supporter, "a") == read(signed_in, "a") == "+"
    new, down.down = Visitor(), True
    assert read(supporter, *"ab") == "++"
    assert read(stranger, *"ab") == "++", "a mark needs no table"
    assert decision(new, "a") == {"open": False, "reason": "sign_in"}
    assert signed_in.get("/v1/articles/a").code == "table_down"
    down.down = False
    assert read(new, "a") == read(signed_in, "a") == "+"


def test_cookies_as_strangers_make_them_are_no_fault_of_ours(harness: Harness) -> None:
    newsroom(harness, "a")
    name = "__Host-spilno-m-AAAAA-8000"
    for cookie in (
        f"{name}=x; {name}=y",
        f"{name}=\ud800",
        f"{name}=\x00",
        f"{name}=" + "%F0%28" * 20,
        "; ".join(f"__Host-spilno-m-{number:05}-8000=x" for number in range(200)),
        "__Host-spilno-m-__pro-8000=constructor; __Host-spilno-m-=; __Host-spilno-g-AAAAA-8000=x",
    ):
        assert read(Visitor(), "a", Cookie=cookie) == "+"


def test_a_mark_that_comes_twice_counts_as_absent(harness: Harness) -> None:
    newsroom(harness, *"ab")
    reader = Visitor()
    read(reader, "a")
    ((name, value),) = marks(reader).items()
    assert decision(Visitor(), "a", Cookie=f"{name}={value}")["left"] == 2
    twice = Visitor()
    assert decision(twice, "b", Cookie=f"{name}={value}; {name}={value}")["left"] == 2
    assert decision(twice, "b", Cookie=f"{name}={value}; {next(iter(marks(twice)))}=x")["left"] == 1


def test_what_it_asks_of_the_table(harness: Harness) -> None:
    """A first opening is counted by address, or written; to read again costs a stranger nothing at all."""
    newsroom(harness, *"ab")
    stranger, signed_in = Visitor(), Visitor()
    harness.supporter(ADA)
    harness.sign_in(signed_in, ADA)
    table = watch(harness)
    asked: dict[str, int] = {}
    for name, reader, article in [
        ("warm", Visitor(client="192.0.2.9"), "a"),
        ("warm too", Visitor(client="192.0.2.9"), "b"),
        ("a stranger, first", stranger, "a"),
        ("a stranger, again", stranger, "a"),
        ("signed in, first of the month", signed_in, "a"),
        ("signed in, first", signed_in, "b"),
        ("signed in, again", signed_in, "b"),
    ]:
        before = table.calls
        assert read(reader, article) == "+"
        asked[name] = table.calls - before
    assert asked["a stranger, again"] == 0
    session = asked["signed in, again"] - 1
    assert asked["signed in, first"] == session + 1, "one conditional write"
    assert asked["signed in, first of the month"] == session + 2, "and one more for the month's row"
    assert asked["a stranger, first"] == 3, "two windows of the limit, and one more for the hour's row"


@pytest.mark.parametrize("access", ["members", "tier:member", "tier:patron"])
def test_what_is_no_longer_metered_opens_no_more_by_an_old_mark(harness: Harness, access: str) -> None:
    newsroom(harness, "a")
    reader = Visitor()
    assert read(reader, "a") == "+"
    newsroom(harness, "a", access=access)
    assert decision(reader, "a") == {"open": False, "reason": "sign_in"}
    newsroom(harness, "a", access="open")
    assert decision(reader, "a") == {"open": True, "reason": "open"}
    newsroom(harness, "a")
    assert decision(reader, "a")["left"] == 2, "metered again in the same month, and read already"


def test_what_the_meter_opened_is_counted_as_opened(harness: Harness) -> None:
    newsroom(harness, *"abcd")
    gate = log_context.gate
    before = gate.opened, gate.closed
    read(Visitor(), *"abcd")
    assert (gate.opened - before[0], gate.closed - before[1]) == (3, 1)
