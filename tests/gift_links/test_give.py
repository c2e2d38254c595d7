"""A supporter gives an article: who may, how often, and by which link."""

import dataclasses

import pytest

from chalicelib.gift_links.rules.months import next_number
from chalicelib.gift_links.views import answers
from chalicelib.kernel import keys
from chalicelib.kernel.moments import month_after
from chalicelib.newsroom.rules import GiftLinks
from chalicelib.supporters.rules.access import Grant, Standing
from testkit.at_once import at_once
from testkit.calls import Reply
from testkit.gift_links import DAY, follows, gives, put, reads, reason
from testkit.harness import ADA, BEN, Harness
from testkit.own_address import supports
from testkit.visitor import Visitor

ARTICLES = [f"a{number}" for number in range(8)]


def asks(giver: Visitor, article: str = "mist") -> Reply:
    return giver.post("/v1/me/gift-links", {"article": article})


def code(reply: Reply) -> tuple[int, str]:
    return reply.status, reply.json["code"]


def test_the_answer_is_as_promised(harness: Harness) -> None:
    put(harness)
    giver = supports(harness)
    reply = asks(giver)
    assert reply.status == 201
    answers.GiftLinkAddress.model_validate(reply.json)
    (link,) = giver.get("/v1/me/gift-links").json
    answers.GivenArticles.model_validate([link])
    assert {name: link[name] for name in ("id", "url", "expires_at")} == reply.json
    assert link["expires_at"] == keys.moment(harness.now() + 10 * DAY)
    assert (link["article"], link["title"], link["readers"], link["most_readers"]) == ("mist", "Міст", 0, 50)


def test_the_same_article_again_is_the_same_link_while_people_can_read_by_it(harness: Harness) -> None:
    put(harness)
    giver = supports(harness)
    first = asks(giver).json
    again = asks(giver)
    assert (again.status, again.json) == (200, first)
    for _ in range(50):
        reads(gives(giver))
    second = asks(giver)
    assert second.status == 201, "the first one is used up"
    assert giver.delete(f"/v1/me/gift-links/{second.json['id']}").status == 204
    assert asks(giver).status == 201, "the second one was ended"


def test_a_month_has_five_and_the_next_one_five_more(harness: Harness) -> None:
    for article in ARTICLES:
        put(harness, article=article)
    giver = supports(harness)
    assert [asks(giver, article).status for article in ARTICLES[:5]] == [201] * 5
    refused = asks(giver, ARTICLES[5])
    assert code(refused) == (429, "too_many_gift_links")
    assert asks(giver, ARTICLES[0]).status == 200, "one that was given is found all the same"
    rows = harness.rows()
    asks(giver, ARTICLES[5])
    assert harness.rows() == rows
    now, zone = harness.now(), harness.newsroom.zone
    assert refused.headers["retry-after"] == str(month_after(now, zone) - now)


def test_what_was_ended_still_counts_in_its_month(harness: Harness) -> None:
    """Else ten times fifty could read by five links."""
    for article in ARTICLES:
        put(harness, article=article)
    giver = supports(harness)
    for article in ARTICLES[:5]:
        giver.delete(f"/v1/me/gift-links/{asks(giver, article).json['id']}")
    assert code(asks(giver, ARTICLES[0])) == (429, "too_many_gift_links")


def test_the_month_is_the_newsrooms(harness: Harness) -> None:
    """In Kyiv it begins two hours before UTC's; a second before it is the old one."""
    for article in ARTICLES:
        put(harness, article=article)
    giver = supports(harness)
    begins = month_after(harness.now(), harness.newsroom.zone)
    harness.pass_time(begins - 300 - harness.now())
    harness.sign_in(giver, ADA)
    assert [asks(giver, article).status for article in ARTICLES[:5]] == [201] * 5
    harness.pass_time(299)
    assert code(asks(giver, ARTICLES[5])) == (429, "too_many_gift_links")
    harness.pass_time(1)
    assert harness.now() == begins
    assert keys.moment(begins) == "2026-09-30T21:00:00Z", "in UTC it is September still"
    harness.sign_in(giver, ADA)
    assert [asks(giver, article).status for article in ARTICLES[5:]] == [201] * 3


def test_beyond_the_first_of_a_day_a_fresh_sign_in_is_wanted(harness: Harness) -> None:
    for article in ARTICLES:
        put(harness, article=article)
    giver = supports(harness)
    harness.pass_time(3600)
    assert asks(giver, ARTICLES[0]).status == 201, "the first of a day needs none"
    assert code(asks(giver, ARTICLES[1])) == (403, "sign_in_again")
    assert asks(giver, ARTICLES[0]).status == 200, "nothing new is made"
    harness.sign_in(giver, ADA)
    assert asks(giver, ARTICLES[1]).status == 201
    harness.pass_time(DAY)
    assert asks(giver, ARTICLES[2]).status == 201, "another day"


def test_a_page_leads_through_a_new_code_and_back_to_the_button(harness: Harness) -> None:
    for article in ARTICLES[:2]:
        put(harness, article=article)
    giver = supports(harness)
    harness.pass_time(3600)
    gives(giver, ARTICLES[0])
    led = giver.submit("/v1/me/gift-links", {"article": ARTICLES[1]})
    assert led.status == 303
    assert "/sign-in?again=1" in led.headers["location"]
    assert f"give%3D{ARTICLES[1]}" in led.headers["location"]


def test_a_refusal_on_the_page_is_said_on_the_page(harness: Harness) -> None:
    for article in ARTICLES:
        put(harness, article=article)
    giver = supports(harness)
    for article in ARTICLES[:5]:
        gives(giver, article)
    page = giver.submit("/v1/me/gift-links", {"article": ARTICLES[5], "lang": "en"})
    assert page.status == 429
    assert "You have given as many articles as a month allows." in page.text
    assert "Given this month: 5 of 5." in page.text


@pytest.mark.parametrize(
    ("access", "refusal"),
    [("tier:patron", (403, "not_yours_to_give")), ("open", (409, "article_is_open"))],
)
def test_one_gives_what_ones_own_support_opens(harness: Harness, access: str, refusal: tuple[int, str]) -> None:
    put(harness, access)
    giver = supports(harness)
    rows = harness.rows()
    assert code(asks(giver)) == refusal
    assert harness.rows() == rows
    put(harness, "tier:member")
    assert asks(giver).status == 201, "the negative control"


def test_neither_gift_nor_meter_nor_a_payment_in_this_browser_gives_on(harness: Harness) -> None:
    put(harness)
    giver = supports(harness)
    token = gives(giver)
    harness.supporter(BEN)
    reader = Visitor()
    harness.sign_in(reader, BEN)
    assert reason(reads(token, reader)) == "gift"
    assert code(asks(reader)) == (403, "not_yours_to_give")
    assert code(asks(Visitor())) == (401, "not_signed_in")
    only_a_pass = Visitor(cookies={name: value for name, value in giver.cookies.items() if "session" not in name})
    assert code(asks(only_a_pass)) == (401, "not_signed_in")


def test_access_that_the_newsroom_gave_gives_as_well(harness: Harness) -> None:
    put(harness)
    granted = Grant("grant_1", "member", harness.now(), until=harness.now() + 90 * DAY)
    harness.supporter(BEN, Standing((granted,)))
    reader = Visitor()
    harness.sign_in(reader, BEN)
    assert asks(reader).status == 201


def test_an_article_whose_text_only_another_site_has_cannot_be_given(harness: Harness) -> None:
    put(harness, url="https://other.example/mist", body_html=None)
    giver = supports(harness)
    assert code(asks(giver)) == (409, "cannot_be_given")
    put(harness, body_html=None)
    assert asks(giver).status == 201, "the newsroom's own site asks whether it may show it"


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ({}, "missing_field"),
        ({"article": "never"}, "unknown_article"),
        ({"article": "__proto__"}, "unknown_article"),
        ({"article": "a\nb"}, "bad_input"),
        ({"article": "%6d"}, "bad_input"),
        ({"article": 7}, "bad_input"),
        ({"article": "mist", "readers": 1000}, "unknown_field"),
        ({"article": "x" * 129}, "bad_input"),
    ],
)
def test_bad_input_changes_nothing(harness: Harness, body: dict[str, object], refusal: str) -> None:
    put(harness)
    giver = supports(harness)
    rows = harness.rows()
    reply = giver.post("/v1/me/gift-links", body)
    assert (reply.json["code"], reply.status < 500) == (refusal, True)
    assert harness.rows() == rows


def test_nobody_lists_or_ends_anothers(harness: Harness) -> None:
    put(harness)
    ada, ben = supports(harness), supports(harness, BEN)
    token = gives(ada)
    (link,) = ada.get("/v1/me/gift-links").json
    assert ben.get("/v1/me/gift-links").json == []
    for name in (link["id"], "AAAAAAAAAAAAAAAA", "never", "__proto__"):
        assert code(ben.delete(f"/v1/me/gift-links/{name}")) == (404, "unknown_gift_link")
    assert ben.submit("/account/links/end", {"link": link["id"]}).status == 404
    assert code(Visitor().delete(f"/v1/me/gift-links/{link['id']}")) == (401, "not_signed_in")
    assert reason(reads(token)) == "gift"
    assert follows("/account/links", Visitor()).text.count("g1.") == 0


@pytest.mark.engine
def test_many_at_once_make_as_many_as_the_month_allows(harness: Harness) -> None:
    for article in ARTICLES:
        put(harness, article=article)
    giver = supports(harness)
    replies = at_once(16, lambda number: asks(giver, ARTICLES[number % 8]))
    made = [reply.json["id"] for reply in replies if isinstance(reply, Reply) and reply.status in (200, 201)]
    assert len(set(made)) == 5
    assert len(giver.get("/v1/me/gift-links").json) == 5
    refused = {code(reply) for reply in replies if isinstance(reply, Reply) and reply.status >= 400}
    assert refused <= {(429, "too_many_gift_links"), (409, "busy")}


@pytest.mark.engine
def test_one_article_given_many_times_at_once_is_one_link(harness: Harness) -> None:
    put(harness)
    giver = supports(harness)
    replies = at_once(16, lambda _: asks(giver))
    assert len({reply.json["id"] for reply in replies if isinstance(reply, Reply) and reply.status < 300}) == 1
    assert len(giver.get("/v1/me/gift-links").json) == 1


def test_numbers_of_a_month() -> None:
    assert next_number([], 5) == 1
    assert next_number(["1", "2", "3", "4"], 5) == 5
    assert next_number(["1", "2", "3", "4", "5"], 5) is None
    assert next_number(["1", "AAAAAAAAAAAAAAAA"], 5) == 3, "one that came with a merged record counts"
    assert next_number([], 0) is None


def test_the_newsroom_decides_how_many(harness: Harness) -> None:
    for article in ARTICLES:
        put(harness, article=article)
    giver = supports(harness)
    harness.wiring.newsroom = dataclasses.replace(harness.newsroom, gift_links=GiftLinks(2))
    assert [asks(giver, article).status for article in ARTICLES[:3]] == [201, 201, 429]
