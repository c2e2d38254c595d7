"""Articles: what the CMS puts, and what of it a reader sees. A canary stands in every gated text."""

import json
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.articles.actions import stored_article
from chalicelib.articles.actions.stored_article import KEPT_FOR
from chalicelib.articles.rows import articles
from chalicelib.articles.views import answers as cms_answers
from chalicelib.kernel import keys
from chalicelib.kernel.keys import moment
from chalicelib.kernel.table import Update
from chalicelib.reading.views import answers
from chalicelib.supporters.rules.access import DAY
from testkit.calls import SITE, Reply
from testkit.clock import NOW
from testkit.harness import Harness
from testkit.people import member, watch
from testkit.visitor import Visitor

CANARY = "Канарка-7f3a"
TEASER = "<p>Початок, який бачать усі.</p>"
BODY = f"<p>Увесь текст. {CANARY}</p>"
URL = f"{SITE}/uk/statti/mist"


def put(harness: Harness, access: str = "members", article: str = "mist", **more: Any) -> Reply:
    body = {"title": "Міст", "url": URL, "access": access, "teaser_html": TEASER, "body_html": BODY, **more}
    reply = Visitor(origin=None).put(f"/v1/articles/{article}", body, **harness.cms_key())
    if reply.status == 200:
        cms_answers.ArticleStored.model_validate(reply.json)
    return reply


def get(visitor: Visitor, article: str = "mist") -> Any:
    reply = visitor.get(f"/v1/articles/{article}")
    assert reply.headers["cache-control"] == "private, no-store"
    assert "etag" not in reply.headers
    answers.Article.model_validate(reply.json)
    return reply.json


def everything(reply: Reply) -> str:
    return reply.text + json.dumps(dict(reply.headers)) + "".join(reply.set_cookies)


@pytest.mark.parametrize("access", ["members", "metered", "tier:member", "tier:patron"])
def test_no_stranger_gets_one_byte_of_gated_text(harness: Harness, access: str) -> None:
    """P7."""
    harness.wiring.newsroom = replace(harness.newsroom, meter=None)  # then `metered` is `members`
    put(harness, access)
    stranger = Visitor()
    replies = [
        stranger.get("/v1/articles/mist"),
        stranger.get("/v1/articles/mist", Authorization="Bearer a.b.c"),
        stranger.get("/v1/articles/mist", Authorization="Bearer wrong-key"),
        stranger.get("/v1/articles/mist", **{"If-None-Match": "*", "Range": "bytes=0-"}),
        stranger.get("/v1/articles/mist", **{"User-Agent": "Googlebot/2.1"}),
        stranger.get("/v1/articles/mist?preview=supporter"),
        stranger.navigate("/read/mist"),
        stranger.call("OPTIONS", "/v1/articles/mist"),
        put(harness, "tier:nobody"),
        stranger.put("/v1/articles/mist", {}),
        stranger.delete("/v1/articles/mist"),
    ]
    for reply in replies:
        assert CANARY not in everything(reply)
    assert replies[0].json["html"] == TEASER


def test_the_canary_is_there_for_who_may_read(harness: Harness) -> None:
    """The negative control of the test above."""
    put(harness)
    visitor = Visitor()
    member(harness, visitor)
    assert CANARY in visitor.get("/v1/articles/mist").text
    assert CANARY in visitor.navigate("/read/mist").text


def test_a_stranger_sees_teaser_and_what_it_needs(harness: Harness) -> None:
    put(harness, "tier:patron")
    assert get(Visitor()) == {
        "id": "mist",
        "decision": {"open": False, "reason": "sign_in"},
        "title": "Міст",
        "url": URL,
        "html": TEASER,
        "requires": "tier:patron",
        "tier": None,
        "until": None,
        "signed_in": False,
        "gives": None,
    }


def test_a_member_reads_members_and_not_patrons(harness: Harness) -> None:
    put(harness)
    put(harness, "tier:patron", "notes")
    visitor = Visitor()
    member(harness, visitor)
    seen = get(visitor)
    assert seen["html"] == BODY
    assert seen["decision"] == {"open": True, "reason": "supporter"}
    assert (seen["tier"], seen["until"], seen["signed_in"]) == ("member", moment(NOW + 37 * DAY), True)
    closed = get(visitor, "notes")
    assert closed["decision"] == {"open": False, "reason": "higher_tier"}
    terms = {"id": "sub_1", "amount": 500, "currency": "eur", "interval": "month"}
    assert closed["gives"] == {**terms, "pending": False}
    assert seen["gives"] is None, "only where it can be raised"
    assert get(visitor, "notes")["html"] == TEASER


def test_an_open_article_is_open(harness: Harness) -> None:
    put(harness, "open")
    seen = get(Visitor())
    assert (seen["html"], seen["requires"], seen["decision"]["reason"]) == (BODY, None, "open")


def test_dates_open_and_close_in_business_time(harness: Harness) -> None:
    put(harness, "members", "soon", opens_at=moment(NOW + DAY))
    put(harness, "open", "archive", closes_at=moment(NOW + DAY))
    stranger = Visitor()
    assert [get(stranger, name)["decision"]["open"] for name in ("soon", "archive")] == [False, True]
    harness.clock.business += DAY
    assert [get(stranger, name)["decision"]["open"] for name in ("soon", "archive")] == [True, False]
    assert get(stranger, "archive")["requires"] == "members"


def test_a_date_with_another_offset_is_the_same_moment(harness: Harness) -> None:
    put(harness, opens_at="2026-12-24T18:00:00+02:00")
    told = Visitor(origin=None).get("/v1/articles/mist", **harness.cms_key()).json
    assert told["opens_at"] == "2026-12-24T16:00:00Z"


def test_the_cms_gets_back_what_it_put(harness: Harness) -> None:
    put(harness, closes_at=moment(NOW))
    reply = Visitor(origin=None).get("/v1/articles/mist", **harness.cms_key())
    cms_answers.StoredArticle.model_validate(reply.json)
    assert reply.json == {
        "id": "mist",
        "title": "Міст",
        "url": URL,
        "access": "members",
        "opens_at": None,
        "closes_at": moment(NOW),
        **dict.fromkeys(("author", "section", "revision", "origin")),
        "tags": [],
        "updated_at": moment(NOW),
        "teaser_html": TEASER,
        "body_html": BODY,
        "seal": reply.json["seal"],
    }
    assert reply.json["seal"]["version"]


def test_a_second_put_replaces_the_first_at_once(harness: Harness) -> None:
    put(harness, "open")
    assert get(Visitor())["decision"]["open"]
    put(harness, "members", body_html=None)
    assert not get(Visitor())["decision"]["open"]


def test_another_process_forgets_within_seconds(harness: Harness) -> None:
    put(harness, "open")
    get(Visitor())
    table = watch(harness)  # as another process: what was kept was kept for the other one
    assert get(Visitor())["decision"]["open"]
    before = table.calls
    assert get(Visitor())["decision"]["open"]
    assert table.calls == before, "a warm process asks the table once"
    harness.clock.real += KEPT_FOR
    get(Visitor())
    assert table.calls == before + 1


def test_an_article_without_its_text_shows_the_teaser_even_when_open(harness: Harness) -> None:
    put(harness, "open", body_html=None)
    assert get(Visitor())["html"] == TEASER


def test_taken_away_is_gone(harness: Harness) -> None:
    put(harness)
    key = harness.cms_key()
    assert Visitor(origin=None).delete("/v1/articles/mist", **key).status == 204
    assert Visitor().get("/v1/articles/mist").code == "unknown_article"
    assert Visitor(origin=None).delete("/v1/articles/mist", **key).code == "unknown_article"
    assert Visitor().navigate("/read/mist").status == 404


@pytest.mark.parametrize("authorization", ["", "Bearer wrong", "Basic dGVzdA==", "Bearer", "Bearer a.b.c"])
def test_without_the_key_nothing_is_put_or_taken_away(harness: Harness, authorization: str) -> None:
    put(harness)
    headers = {"Authorization": authorization} if authorization else {}
    stranger = Visitor(origin=None)
    assert stranger.put("/v1/articles/mist", {"title": "x"}, **headers).code == "unknown_key"
    assert stranger.delete("/v1/articles/mist", **headers).status == 401
    assert get(Visitor())["title"] == "Міст"


def test_the_largest_body_is_taken_and_a_byte_more_is_not(harness: Harness) -> None:
    largest = "ж" * (350 * 1024 // 2)
    assert put(harness, "open", body_html=largest).status == 200
    assert get(Visitor())["html"] == largest
    refused = put(harness, "open", body_html=f"{largest}a")
    assert (refused.status, refused.code) == (413, "body_too_large")
    assert get(Visitor())["html"] == largest


def test_a_body_that_does_not_compress_fits_too(harness: Harness) -> None:
    import base64
    import random

    noise = base64.b64encode(random.Random(1).randbytes(268_000)).decode()  # noqa: S311 - noise, no secret
    assert put(harness, "open", body_html=noise, teaser_html=noise[: 20 * 1024], title="ї" * 500).status == 200
    assert get(Visitor())["html"] == noise


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        ({"access": "everybody"}, 400, "bad_access"),
        ({"access": "tier:emperor"}, 400, "unknown_tier"),
        ({"url": "/statti/mist"}, 400, "bad_input"),
        ({"url": "javascript:alert(1)"}, 400, "bad_input"),
        ({"title": ""}, 400, "bad_input"),
        ({"title": None}, 400, "bad_input"),
        ({"teaser_html": "x" * (20 * 1024 + 1)}, 413, "teaser_too_large"),
        ({"opens_at": "tomorrow"}, 400, "bad_input"),
        ({"opens_at": "2026-12-24"}, 400, "bad_input"),
        ({"opens_at": "2026-12-24T18:00:00"}, 400, "bad_input"),
        ({"opens_at": "0001-01-01T00:00:00+14:00"}, 400, "bad_input"),
        ({"opens_at": 1790000000}, 400, "bad_input"),
        ({"autor": "x"}, 400, "unknown_field"),
    ],
)
def test_what_is_wrong_with_an_article_is_named(
    harness: Harness, wrong: dict[str, Any], status: int, code: str
) -> None:
    reply = put(harness, **wrong)
    assert (reply.status, reply.code) == (status, code)
    assert Visitor().get("/v1/articles/mist").code == "unknown_article"


def test_the_hosted_page_appeals_with_the_least_that_opens_it(harness: Harness) -> None:
    put(harness, "tier:patron")
    page = Visitor().navigate("/read/mist")
    assert page.status == 200
    assert 'name="amount" value="1500"' in page.text
    assert 'name="return_to" value="http://127.0.0.1:8000/read/mist"' in page.text
    assert f'name="source" value="{URL}"' in page.text
    assert 'action="http://127.0.0.1:8000/v1/sign-in"' in page.text


def test_the_hosted_page_of_an_article_from_elsewhere_names_no_source(harness: Harness) -> None:
    put(harness, url="https://elsewhere.example/mist")
    page = Visitor().navigate("/read/mist")
    assert 'name="source"' not in page.text
    assert 'href="https://elsewhere.example/mist"' in page.text


def test_the_hosted_page_speaks_both_languages(harness: Harness) -> None:
    put(harness)
    assert '<html lang="uk"' in Visitor().navigate("/read/mist").text
    assert '<html lang="en"' in Visitor().navigate("/read/mist?lang=en").text


def test_all_are_listed_by_their_ids_once_each(harness: Harness) -> None:
    for name in ("mist", "bereh", "mist"):
        put(harness, article=name)
    assert list(articles.every_article(harness.table)) == ["bereh", "mist"]
    listed = harness.table.query_index(keys.ARTICLES).items
    assert {name for row in listed for name in row} == {"pk", "sk", "gsi1pk", "gsi1sk", "id", "label"}
    assert CANARY not in str(listed)
    assert Visitor(origin=None).delete("/v1/articles/mist", **harness.cms_key()).status == 204
    assert list(articles.every_article(harness.table)) == ["bereh"]
    assert Visitor().get("/v1/articles/mist").status == 404


@pytest.mark.parametrize("access", ["open", "metered", "members", "tier:patron"])
def test_what_an_article_asks_for_is_stored_as_the_cms_wrote_it(harness: Harness, access: str) -> None:
    """Rows of before read as they did, and the CMS hears its own word, whatever it counts as now."""
    put(harness, access)
    row = harness.table.get(keys.article("mist"))
    assert row is not None
    assert row["access"] == access
    for_cms = Visitor(origin=None).get("/v1/articles/mist", **harness.cms_key()).json
    requires = {"open": None, "metered": "members"}.get(access, access)
    assert (for_cms["access"], get(Visitor())["requires"]) == (access, requires)


def test_a_row_that_asks_for_what_nobody_knows_does_not_open(harness: Harness) -> None:
    put(harness, "open")
    harness.table.write(Update(keys.article("mist"), set={"access": "everybody"}))
    stored_article.forget("mist", harness.table)
    seen = get(Visitor())
    assert (seen["decision"]["open"], seen["requires"], CANARY in seen["html"]) == (False, "members", False)
