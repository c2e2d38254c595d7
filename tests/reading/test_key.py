"""The key of a sealed text: handed out by a pass and a ticket alone, or by what is known of article and reader."""

import zlib
from dataclasses import replace

import pytest

from chalicelib.articles.actions.stored_article import KEPT_FOR
from chalicelib.articles.rows import articles
from chalicelib.kernel import keys
from chalicelib.kernel.keys import moment
from chalicelib.kernel.table import Update
from chalicelib.supporters.rules.access import DAY
from testkit.calls import SITE
from testkit.clock import NOW
from testkit.harness import Harness
from testkit.people import MARIA, PASS, SESSION, becomes_patron, member, monthly, watch
from testkit.visitor import Visitor
from tests.articles.sealing import keys_in, unsealed
from tests.reading.metered import BODY as METERED_BODY
from tests.reading.metered import METER, marks, newsroom
from tests.reading.sealed import asked, file_at, manifest, reads, seals_with
from tests.reading.test_articles import BODY, CANARY, everything, put
from tests.reading.test_paid_here import paid_here


def test_a_pass_and_a_ticket_open_without_the_table(harness: Harness) -> None:
    put(harness)
    visitor, told = Visitor(), manifest()
    file = file_at(told).text
    member(harness, visitor)
    harness.clock.real += 60  # what this process remembers of the article is forgotten
    table = watch(harness, down=True)
    reply = asked(visitor, told)
    assert (reply.status, list(reply.json), reply.set_cookies) == (200, ["key"], ())
    assert reply.headers["cache-control"] == "private, no-store"
    assert unsealed(file, reply.json["key"]) == BODY
    assert table.calls == 0


def test_with_neither_the_article_and_the_reader_are_looked_up(harness: Harness) -> None:
    """A pass that has expired is renewed in the same answer, as at every gate."""
    put(harness)
    visitor = Visitor()
    supporter = member(harness, visitor)
    assert supporter
    harness.pass_time(301)
    table, old = watch(harness), visitor.cookies[PASS]
    reply = asked(visitor, manifest())
    assert reply.json["decision"] == {"open": True, "reason": "supporter"}
    assert (reply.json["needs"], reply.json["tier"], reply.json["signed_in"]) == ("members", "member", True)
    assert unsealed(file_at(manifest()).text, reply.json["key"]) == BODY
    assert visitor.cookies[PASS] != old
    assert table.calls > 0
    assert list(asked(visitor, manifest()).json) == ["key"], "the new pass opens alone"


@pytest.mark.parametrize("left_out", ["t", "needs", "v"])
def test_what_is_left_out_is_found_out(harness: Harness, left_out: str) -> None:
    """The page may have a version alone, or nothing: then the present version is told to who may read."""
    put(harness)
    visitor = Visitor()
    member(harness, visitor)
    reply = asked(visitor, manifest(), **{left_out: ""})
    if left_out == "v":
        assert (reply.status, reply.code, reply.json["seal"]) == (409, "stale_version", manifest())
    else:
        assert unsealed(file_at(manifest()).text, reply.json["key"]) == BODY


@pytest.mark.parametrize("access", ["members", "metered", "tier:member", "tier:patron"])
def test_a_stranger_gets_the_articles_refusal_and_learns_no_version(harness: Harness, access: str) -> None:
    newsroom(harness, meter=None)
    put(harness, access)
    told = manifest()
    stranger = Visitor()
    reply = asked(stranger, told)
    article = Visitor().get("/v1/articles/mist").json
    for name in ("id", "title", "url", "html"):
        del article[name]
    assert reply.json == article
    assert "spilno-asked-8000" in stranger.cookies, "as after the article's own answer"
    for refused in (reply, asked(Visitor(), {}), asked(Visitor(), told, v="k9.unknown")):
        assert refused.json["decision"]["open"] is False
        assert not any(str(told[name]) in everything(refused) for name in ("version", "ticket", "sealed"))
        assert {unsealed(file_at(told).text, key) for key in keys_in(everything(refused))} <= {None}


def test_too_low_a_tier_is_told_what_to_raise(harness: Harness) -> None:
    put(harness, "tier:patron")
    visitor = Visitor()
    member(harness, visitor)
    refused = asked(visitor, manifest())
    assert refused.json["decision"] == {"open": False, "reason": "higher_tier"}
    assert refused.json["gives"]["amount"] == 500
    becomes_patron(harness)
    assert reads(visitor, manifest()) == BODY, "P16: at the next request, though the pass is too low"


def test_a_former_supporter_is_refused(harness: Harness) -> None:
    put(harness)
    visitor = Visitor()
    member(harness, visitor, monthly(ends_at=NOW + 30 * DAY))
    assert reads(visitor, manifest()) == BODY
    harness.pass_time(30 * DAY)
    assert asked(visitor, manifest()).json["decision"] == {"open": False, "reason": "support"}


def test_the_browser_that_paid_reads(harness: Harness) -> None:
    put(harness)
    visitor, told = paid_here(harness), manifest()
    assert reads(visitor, told) == BODY
    watch(harness, down=True)
    assert list(asked(visitor, told).json) == ["key"], "by the pass that came with the answer"


def test_a_pass_works_as_a_bearer(harness: Harness) -> None:
    put(harness)
    visitor = Visitor()
    member(harness, visitor)
    told = manifest()
    path = f"/v1/articles/mist/key?v={told['version']}&needs=members&t={told['ticket']}"
    bearer = {"Authorization": f"Bearer {visitor.cookies[PASS]}"}
    assert list(Visitor().get(path, **bearer).json) == ["key"]
    assert "key" not in Visitor().get(path, Authorization=f"{bearer['Authorization']}x").json


@pytest.mark.parametrize(("origin", "with_cookies"), [(SITE, True), ("https://elsewhere.example", False)])
def test_the_website_may_read_it_with_cookies_and_nobody_else(
    harness: Harness, origin: str, *, with_cookies: bool
) -> None:
    put(harness)
    visitor = Visitor()
    member(harness, visitor)
    told = manifest()
    path = f"/v1/articles/mist/key?v={told['version']}&needs=members&t={told['ticket']}"
    for address in (path, path.partition("&t=")[0]):
        headers = visitor.get(address, Origin=origin).headers
        assert headers.get("access-control-allow-origin") == (origin if with_cookies else None)
        assert ("access-control-allow-credentials" in headers) is with_cookies
        assert headers["vary"] == "Origin"


def test_head_has_no_body_and_sets_nothing(harness: Harness) -> None:
    put(harness)
    visitor = Visitor()
    member(harness, visitor)
    del visitor.cookies[PASS]
    reply = visitor.call("HEAD", "/v1/articles/mist/key")
    assert (reply.text, reply.set_cookies) == ("", ())
    assert SESSION in visitor.cookies


def test_what_the_cms_puts_is_answered_with_its_manifest(harness: Harness) -> None:
    for access in ("members", "open", "tier:patron", "metered"):
        seal = put(harness, access).json["seal"]
        assert seal == manifest()
        assert ("key" in seal, "ticket" in seal) == (access == "open", access != "open")
        assert seal["needs"] == ("tier:patron" if access == "tier:patron" else "members")
    harness.clock.real += 60
    assert manifest()["ticket"] != seal["ticket"], "a minute later there is another one"
    assert {**manifest(), "ticket": ""} == {**seal, "ticket": ""}


@pytest.mark.parametrize(
    ("access", "dates", "lasts"),
    [
        ("open", {"closes_at": NOW + 90}, False),
        ("members", {"opens_at": NOW - 1, "closes_at": NOW + 90}, False),
        ("tier:patron", {"opens_at": NOW - 1, "closes_at": NOW + 90}, False),
        ("open", {}, True),
        ("members", {"opens_at": NOW - 1}, True),
        ("open", {"opens_at": NOW - 9, "closes_at": NOW - 5}, None),
    ],
)
def test_what_the_cms_prints_into_its_page_holds_no_key_of_what_will_close(
    harness: Harness, access: str, dates: dict[str, int], *, lasts: bool | None
) -> None:
    """P7: the page stands there after `closes_at`, in the website's own cache and in every archive."""
    printed = put(harness, access, **{name: moment(at) for name, at in dates.items()}).json["seal"]
    file = file_at(printed).text
    assert [unsealed(file, key) for key in keys_in(str(printed))] == ([BODY] if lasts else [])
    assert ("key" in printed, "ticket" in printed) == (bool(lasts), not lasts)
    assert ("key" in manifest()) is (lasts is not None), "what any cache keeps for a minute has it while it is open"
    if lasts is not None:
        assert reads(Visitor(), printed) == BODY, "while it is open, whoever asks with it gets the key"
    if lasts is False:
        assert int(printed["ticket"].partition(".")[0]) <= harness.real_now(), "walls ask any cache instead"
    harness.clock.business += 90
    if not lasts:
        assert reads(Visitor(), printed) is None


def test_an_open_text_needs_no_call_for_its_key(harness: Harness) -> None:
    put(harness, "open")
    told = manifest()
    assert unsealed(file_at(told).text, told["key"]) == BODY
    assert asked(Visitor(), told).json["key"] == told["key"], "and who asks is told all the same, whatever they write"
    assert asked(Visitor(), told, needs="tier:emperor", t="1.x").json["key"] == told["key"]


@pytest.mark.parametrize("what", ["the text", "the keys"])
def test_where_nothing_is_sealed_there_is_nothing_to_open(harness: Harness, what: str) -> None:
    put(harness)
    before, visitor = manifest(), Visitor()
    member(harness, visitor)
    if what == "the keys":
        seals_with(harness)
    seal = put(harness, body_html=None if what == "the text" else BODY).json["seal"]
    assert seal == manifest() == {"access": "members", "requires": "members", "opens_at": None, "closes_at": None}
    assert (file_at(before).status, file_at(before).code) == (404, "unknown_version")
    harness.clock.real += 600  # as late as the ticket of before lives
    harness.sign_in(visitor, MARIA)
    for reader in (visitor, Visitor()):
        for told in (before, {}):
            refused = asked(reader, told)
            assert (refused.status, refused.code) == (404, "unknown_version")


def test_a_text_of_the_first_kilobyte_and_of_the_largest_size_are_both_sealed(harness: Harness) -> None:
    for text in ("", "ї", "ж" * (350 * 1024 // 2)):
        put(harness, "open", body_html=text)
        told = manifest()
        assert unsealed(file_at(told).text, told["key"]) == text
    assert CANARY not in file_at(told).text


def test_text_page_and_key_of_a_metered_article_count_once(harness: Harness) -> None:
    newsroom(harness, *"abcd")
    reader, told = Visitor(), {name: manifest(name) for name in "abcd"}
    assert asked(reader, told["a"], "a").json["decision"]["left"] == METER.free - 1
    for again in (reader.get("/v1/articles/a"), asked(reader, told["a"], "a")):
        assert again.json["decision"]["left"] == METER.free - 1
    assert [reads(reader, told[name], name) == METERED_BODY for name in "abcd"] == [True, True, True, False]
    refused = asked(reader, told["d"], "d")
    assert refused.json["decision"]["reason"] == "meter_used"
    assert "key" not in refused.json
    supporter = Visitor()
    member(harness, supporter)
    assert [reads(supporter, told[name], name) == METERED_BODY for name in "abcd"] == [True] * 4
    assert not marks(supporter), "supporters are never counted"


@pytest.mark.parametrize("headers", [{"Sec-Purpose": "prefetch;prerender"}, {"Origin": "https://elsewhere.example"}])
def test_nobody_who_does_not_read_gets_a_key_by_the_meter(harness: Harness, headers: dict[str, str]) -> None:
    newsroom(harness, "a")
    told = manifest("a")
    path = f"/v1/articles/a/key?v={told['version']}&needs=members&t={told['ticket']}"
    reader = Visitor()
    assert "key" not in reader.get(path, **headers).json
    assert not marks(reader)
    assert reader.get(path).json["key"], "the negative control"


def test_who_comes_with_an_old_version_by_the_meter_is_counted_once(harness: Harness) -> None:
    newsroom(harness, "a")
    reader = Visitor()
    stale = asked(reader, manifest("a"), "a", v="k9.unknown")
    assert (stale.status, stale.code, stale.json["seal"]) == (409, "stale_version", manifest("a"))
    assert len(marks(reader)) == 1, "with the refusal comes the mark: the next call is the same reading"
    assert asked(reader, stale.json["seal"], "a").json["decision"]["left"] == METER.free - 1


def test_of_a_tier_that_the_newsroom_has_no_more_only_its_last_passes_open(harness: Harness) -> None:
    """The newsroom's file lost the tier; its articles must be put again, as for every gate check."""
    put(harness, "tier:member")
    visitor, told = Visitor(), manifest()
    member(harness, visitor)
    tiers = tuple(tier for tier in harness.newsroom.tiers if tier.name != "member")
    harness.wiring.newsroom = replace(harness.newsroom, tiers=tiers)
    assert reads(visitor, told) == BODY, "until the pass is over"
    harness.pass_time(301)
    for reader in (visitor, Visitor()):
        refused = asked(reader, manifest())
        assert (refused.status, refused.code) == (400, "unknown_tier")


def test_what_an_earlier_release_packed_otherwise_is_sealed_as_it_lies_there(harness: Harness) -> None:
    """Another zlib, or another level, makes other bytes of the same text: they have a version of their own."""
    put(harness, "open")
    before = manifest()
    packed = zlib.compress(BODY.encode(), 1)
    assert packed != articles.packed(BODY)
    harness.table.write(Update(keys.article("mist"), set={"body": packed}))
    harness.clock.real += KEPT_FOR
    told = manifest()
    assert told["version"] != before["version"]
    assert unsealed(file_at(told).text, told["key"]) == BODY
    assert unsealed(file_at(told).text, before["key"]) is None, "one key never opens two"
