"""A reader opens a gift link: what opens, who is counted, and when it is over."""

import dataclasses

import pytest

from chalicelib.http.mark_cookies import MOST_GIFTS
from chalicelib.kernel import keys
from chalicelib.kernel.table import Delete
from chalicelib.newsroom.rules import GiftLinks
from chalicelib.reading.rules import gift_links as rules
from chalicelib.reading.views import answers
from testkit.calls import SITE
from testkit.gift_links import CANARY, DAY, follows, given, gives, put, readers, reads, reason, token_of
from testkit.harness import ADA, BEN, EMAIL_KEY, Harness
from testkit.own_address import supports
from testkit.people import SESSION, member, watch
from testkit.visitor import Visitor

ASK = "spilno-ask-8000"


def mark_of(reader: Visitor) -> str:
    """The cookie that says that a gift link has counted this browser."""
    (name,) = [name for name in reader.cookies if name.startswith("__Host-spilno-g-")]
    return reader.cookies[name]


def test_whoever_has_the_link_reads_and_is_counted_once(harness: Harness) -> None:
    giver, token = given(harness)
    reader = Visitor()
    assert reason(reads(reader=reader)) == "sign_in"
    reply = reads(token, reader)
    answers.Article.model_validate(reply.json)
    assert (reason(reply), reply.json["signed_in"], reply.json["tier"]) == ("gift", False, None)
    assert reply.headers["cache-control"] == "private, no-store"
    for _ in range(3):  # reload, with the token and once the wall has taken it off the address
        assert reason(reads(token, reader)) == "gift"
        assert reason(reads(reader=reader)) == "gift"
    assert readers(giver) == 1
    reads(token)
    assert readers(giver) == 2


def test_without_its_mark_the_same_browser_counts_again(harness: Harness) -> None:
    """The negative control: it is the mark that makes a reload free."""
    giver, token = given(harness)
    reader = Visitor()
    reads(token, reader)
    mark_of(reader)
    reader.cookies.clear()
    reads(token, reader)
    assert readers(giver) == 2


def test_however_often_it_is_used_fifty_read(harness: Harness) -> None:
    giver, token = given(harness)
    first = Visitor()
    reads(token, first)
    seen = [reads(token).json["decision"] for _ in range(119)]
    assert [one["open"] for one in seen] == [True] * 49 + [False] * 70
    assert {one.get("gift") for one in seen[49:]} == {"used_up"}
    assert {one["reason"] for one in seen[49:]} == {"sign_in"}, "the ordinary wall"
    assert readers(giver) == 50
    assert reason(reads(reader=first)) == "gift", "who has begun to read reads on"
    assert giver.get("/v1/me/gift-links").json[0]["status"] == "used_up"


def test_a_reader_who_supports_takes_no_place(harness: Harness) -> None:
    giver, token = given(harness)
    ben = supports(harness, BEN)
    assert reason(reads(token, ben)) == "supporter"
    assert readers(giver) == 0
    assert not [name for name in ben.cookies if "-g-" in name]


def test_after_ten_days_it_is_over_also_for_who_has_read(harness: Harness) -> None:
    giver, token = given(harness)
    reader = Visitor()
    reads(token, reader)
    harness.pass_time(10 * DAY - 1)
    assert reason(reads(token, reader)) == "gift"
    assert reason(reads(token)) == "gift"
    harness.pass_time(1)
    for late in (reads(token, reader), reads(token), reads(reader=reader)):
        assert (reason(late), late.json["decision"]["gift"]) == ("sign_in", "over")
    assert readers(giver) == 2


def test_revoked_it_opens_for_nobody_ever_again(harness: Harness) -> None:
    giver, token = given(harness)
    reader = Visitor()
    reads(token, reader)
    (link,) = giver.get("/v1/me/gift-links").json
    assert giver.delete(f"/v1/me/gift-links/{link['id']}").status == 204
    assert reads(token, reader).json["decision"]["gift"] == "over"
    assert reads(token).json["decision"]["gift"] == "over"
    (link,) = giver.get("/v1/me/gift-links").json
    assert (link["readers"], link["status"], link["url"]) == (1, "revoked", None)


def test_it_lives_as_long_as_the_givers_own_support_opens_the_article(harness: Harness) -> None:
    giver, token = given(harness)
    reader = Visitor()
    reads(token, reader)
    put(harness, "tier:patron")  # raised above what the giver holds
    assert reads(token, reader).json["decision"]["gift"] == "over"
    assert reads(token).json["decision"]["gift"] == "over"
    assert giver.get("/v1/me/gift-links").json[0]["status"] == "closed"
    put(harness, "members")
    assert reason(reads(token, reader)) == "gift"
    payment = harness.stripe.of("payment_intent")[-1]["id"]
    harness.tell(harness.stripe.gives_back(payment))
    assert reads(token, reader).json["decision"]["gift"] == "over"
    assert reads(token).json["decision"]["gift"] == "over"
    assert readers(giver) == 1


def test_it_ends_with_the_support(harness: Harness) -> None:
    put(harness)
    giver = supports(harness)
    subscription = harness.stripe.of("subscription")[-1]["id"]
    harness.pass_time(25 * DAY)
    harness.sign_in(giver, ADA)
    token = gives(giver)
    harness.tell(harness.stripe.end(subscription))
    reader = Visitor()
    assert reason(reads(token, reader)) == "gift", "what is paid for is theirs"
    harness.pass_time(7 * DAY)
    assert reads(token, reader).json["decision"]["gift"] == "over"


def test_who_asks_to_be_erased_gives_nothing_any_more_and_again_once_they_stay(harness: Harness) -> None:
    giver, token = given(harness)
    assert giver.delete("/v1/me").status == 202
    assert reads(token).json["decision"]["gift"] == "over"
    harness.sign_in(Visitor(), ADA)  # calls it off; what was given once stands again, but their gift has ended
    assert reason(reads(token)) == "gift"


def test_a_deleted_article_is_as_unknown_as_any(harness: Harness) -> None:
    _, token = given(harness)
    assert Visitor(origin=None).delete("/v1/articles/mist", **harness.cms_key()).status == 204
    for article in ("mist", "never"):
        reply = Visitor().get(f"/v1/articles/{article}?gift={token}")
        assert (reply.status, reply.json["code"]) == (404, "unknown_article")


def test_what_is_open_to_all_counts_nobody(harness: Harness) -> None:
    giver, token = given(harness)
    put(harness, "open")
    assert reason(reads(token)) == "open"
    assert (readers(giver), giver.get("/v1/me/gift-links").json[0]["status"]) == (0, "closed")


def test_a_metered_article_is_given_and_spends_no_meter(harness: Harness) -> None:
    giver, token = given(harness, "metered")
    reader = Visitor()
    assert reason(reads(token, reader)) == "gift"
    assert readers(giver) == 1
    assert not [name for name in reader.cookies if "-m-" in name]


@pytest.mark.parametrize("purpose", ["prefetch", "prefetch;prerender", "prefetch;anonymous-client-ip"])
def test_what_is_fetched_in_advance_opens_nothing_and_counts_nothing(harness: Harness, purpose: str) -> None:
    giver, token = given(harness)
    reader = Visitor()
    for held in (False, True):
        reply = reads(token, reader, **{"Sec-Purpose": purpose})
        assert (reason(reply), "gift" in reply.json["decision"]) == ("sign_in", False)
        assert readers(giver) == int(held)
        reads(token, reader)


def test_a_head_counts_nothing(harness: Harness) -> None:
    giver, token = given(harness)
    reader = Visitor()
    for address in (f"/v1/articles/mist?gift={token}", f"/read/mist?gift={token}"):
        reply = reader.call("HEAD", address)
        assert (reply.text, reply.set_cookies) == ("", ())
    assert readers(giver) == 0


def test_where_no_cookie_comes_back_nobody_is_counted(harness: Harness) -> None:
    giver, token = given(harness)
    reply = reads(token, Visitor(), Origin="https://elsewhere.example", **{"Sec-Fetch-Site": "cross-site"})
    assert reason(reply) == "sign_in"
    assert readers(giver) == 0
    assert reason(reads(token, Visitor(), Origin=SITE)) == "gift"


def test_two_links_of_one_article_count_a_browser_once(harness: Harness) -> None:
    ada, token = given(harness)
    ben = supports(harness, BEN)
    other = gives(ben)
    reader = Visitor()
    reads(token, reader)
    for _ in range(3):
        assert reason(reads(other, reader)) == "gift"
    assert (readers(ada), readers(ben)) == (1, 0)
    (link,) = ada.get("/v1/me/gift-links").json
    ada.delete(f"/v1/me/gift-links/{link['id']}")
    assert reason(reads(other, reader)) == "gift", "the other one still gives it"
    assert readers(ben) == 1


def test_the_hint_lasts_as_long_as_the_link(harness: Harness) -> None:
    """Without it a wall would take the reader for a stranger after a reload, and not ask."""
    _, token = given(harness)
    reader = Visitor()
    harness.pass_time(DAY)
    reply = reads(token, reader)
    (hint,) = [line for line in reply.set_cookies if line.startswith("spilno-ask")]
    assert f"Max-Age={9 * DAY}" in hint
    reader.navigate("/account")  # a page that looks for a session and finds none
    assert reader.cookies["spilno-ask-8000"] == "1-gift", "whom a masthead takes for a stranger"


def test_whoever_signs_in_with_a_gift_in_hand_is_known_until_the_session_is_over(harness: Harness) -> None:
    _, token = given(harness)
    reader = Visitor()
    member(harness, reader)
    reader.cookies = {SESSION: reader.cookies[SESSION], ASK: "1-gift"}
    reader.get("/v1/session")
    assert reader.cookies[ASK] == "1"
    reader.cookies = {}
    reads(token, reader)
    assert reader.cookies[ASK] == "1-gift"
    reader.cookies[ASK] = "1"
    reader.get("/v1/session")
    assert reader.cookies[ASK] == "1-gift", "nobody is there, and the article is still worth asking for"


def test_a_reader_of_a_link_learns_nothing_of_who_gave_it(harness: Harness) -> None:
    giver, token = given(harness)
    reply = reads(token)
    told = reply.text + str(dict(reply.headers)) + str(reply.set_cookies) + token
    assert harness.state().id not in told
    assert ADA not in told
    row = giver.get("/v1/me/gift-links").json[0]
    assert set(row) == {
        *("id", "article", "title", "url", "given_at", "expires_at", "readers", "most_readers", "status"),
    }


def test_a_closed_table_closes_the_gift_and_shuts_no_supporter_out(harness: Harness) -> None:
    """P15."""
    giver, token = given(harness)
    giver.get("/v1/access?needs=members")
    watch(harness, down=True)
    reply = Visitor().get(f"/v1/articles/mist?gift={token}")
    assert (reply.status, reply.json["code"]) == (503, "table_down")
    assert CANARY not in reply.text
    assert giver.get("/v1/access?needs=members").json["open"], "the pass alone decides"


def test_a_giver_who_is_gone_gives_nothing(harness: Harness) -> None:
    _, token = given(harness)
    reader = Visitor()
    reads(token, reader)
    link = rules.link_of(token, EMAIL_KEY)
    assert link
    harness.table.write(Delete(keys.gift_link(link)))
    assert reads(token).json["decision"]["gift"] == "over"
    assert reads(reader=reader).json["decision"]["gift"] == "over"


def test_the_address_is_the_articles_own_where_its_site_shares_our_cookies(harness: Harness) -> None:
    giver, _ = given(harness)
    assert giver.get("/v1/me/gift-links").json[0]["url"].startswith(f"{SITE}/uk/statti/mist?spilno=g1.")
    put(harness, article="elsewhere", url="https://other.example/a?x=%D1%8F&y#part")
    (reply,) = [giver.post("/v1/me/gift-links", {"article": "elsewhere"})]
    assert reply.json["url"].startswith(f"{harness.settings.public_url}/read/elsewhere?gift=g1.")
    put(harness, article="asked", url=f"{SITE}/a?x=%D1%8F&y#part")
    url = giver.post("/v1/me/gift-links", {"article": "asked"}).json["url"]
    assert url == f"{SITE}/a?x=%D1%8F&y&spilno={token_of(url)}#part"


def test_none_are_given_where_the_newsroom_wants_none(harness: Harness) -> None:
    put(harness)
    giver = supports(harness)
    harness.wiring.newsroom = dataclasses.replace(harness.newsroom, gift_links=GiftLinks(0))
    reply = giver.post("/v1/me/gift-links", {"article": "mist"})
    assert (reply.status, reply.json["code"]) == (409, "cannot_be_given")
    assert "gift-links" not in giver.navigate("/read/mist").text


@pytest.mark.parametrize("at", ["/v1/articles/mist?gift={}", "/read/mist?gift={}"])
def test_a_browser_holds_no_more_marks_than_a_call_can_carry(harness: Harness, at: str) -> None:
    """Links may live for a year, and API Gateway takes 10 KB of headers; the oldest marks go."""
    _, token = given(harness)
    reader = Visitor()
    reader.cookies |= {f"__Host-spilno-g-{number:05}-8000": "x" * 49 for number in range(200)}
    reader.cookies |= {f"__Host-spilno-m-{number:05}-8000": "x" * 22 for number in range(5)}
    follows(at.format(token), reader)
    held = [name for name in reader.cookies if "-g-" in name]
    assert len(held) == MOST_GIFTS
    assert "__Host-spilno-g-00199-8000" in held, "the newest stays"
    assert sum("-m-" in name for name in reader.cookies) == 5
    assert reason(reads(reader=reader)) == "gift"
    assert sum(len(name) + len(value) + 4 for name, value in reader.cookies.items()) < 4096
