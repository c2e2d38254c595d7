"""`GET /v1/articles`: what the newsroom's systems see of all articles, page by page, and what a page reads for it."""

import random
from typing import Any

import pytest

from chalicelib.articles.rows import articles
from chalicelib.kernel import keys
from chalicelib.kernel.table import Put, Update
from localdev.around import Around
from testkit.calls import SITE
from testkit.clock import NOW
from testkit.harness import Harness
from testkit.visitor import Visitor
from tests.articles.listing import WHOLE, cms, ids, page, put, store, store_listed, walked

ROOTS = (("k2", b"another-seal-key-of-the-tests-alone-0123456789"),)


def counted(harness: Harness) -> list[str]:
    """From here on, the calls of the table, by name and by what they are about."""
    calls: list[str] = []
    harness.table = Around(harness.table, lambda call, what: calls.append(f"{call} {what}"))
    return calls


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ("?after=%D0%BC", "bad_cursor", "after"),
        ("?after=a/b", "bad_cursor", "after"),
        ("?after=a%0A", "bad_cursor", "after"),
        (f"?after={'a' * 129}", "bad_cursor", "after"),
        ("?after=a&after=b", "bad_input", "after"),
        ("?origin=Hugo", "bad_origin", "origin"),
        ("?origin=hugo%0A", "bad_origin", "origin"),
        (f"?origin={'a' * 33}", "bad_origin", "origin"),
        ("?origin=a&origin=a", "bad_input", "origin"),
        ("?orgin=a", "unknown_field", "orgin"),
        ("?limit=5", "unknown_field", "limit"),
        ("?%D0%BC%3Cb%3E=1", "unknown_field", "?"),
        ("?__proto__=1", "unknown_field", "__proto__"),
    ],
)
def test_a_mistake_in_the_address_is_named(harness: Harness, query: str, code: str, field: str) -> None:
    put(harness)
    refused = cms(harness, "GET", f"/v1/articles{query}")
    assert (refused.status, refused.json["code"], refused.json["field"]) == (400, code, field)
    stranger = Visitor(origin=None).get(f"/v1/articles{query}")
    assert (stranger.status, stranger.json["code"]) == (401, "unknown_key"), "before anything is said"


@pytest.mark.parametrize("query", ["?after=&origin=", "?after=", "?origin=&after="])
def test_an_empty_parameter_is_none(harness: Harness, query: str) -> None:
    """Of a first page there is no place to begin at, and who walks sends what they hold."""
    put(harness)
    assert page(harness, query) == page(harness)
    assert cms(harness, "DELETE", "/v1/articles/mist?origin=").status == 400, (
        "of a call that deletes it stays a mistake"
    )


def test_pages_of_a_hundred_in_the_order_of_the_ids(harness: Harness) -> None:
    odd = [".", "..", "~", "-a", "a.b", "a-b", "a_b", "a~b", "A", "Z9", "0", "a" * 128]
    names = [*odd, *(f"n{number}" for number in range(250 - len(odd)))]
    random.Random(16).shuffle(names)  # noqa: S311 - an order, no secret
    store_listed(harness, *names)
    pages = [[item["id"] for item in items] for items in walked(harness)]
    assert [name for part in pages for name in part] == sorted(names)
    assert [len(part) for part in pages] == [100, 100, 50]
    for name in odd:
        assert [item["id"] for item in page(harness, f"?after={name}")["items"]] == sorted(
            one for one in names if one > name
        )[:100]


def test_a_full_last_page_says_that_it_is_the_last(harness: Harness) -> None:
    store_listed(harness, *(f"n{number:03}" for number in range(100)))
    answered = page(harness)
    assert (len(answered["items"]), answered["next"]) == (100, None)
    put(harness, "z")
    assert page(harness)["next"] == "n099"
    assert [item["id"] for item in page(harness, "?after=n099")["items"]] == ["z"]


def test_a_page_reads_no_text(harness: Harness) -> None:
    store_listed(harness, *(f"n{number:03}" for number in range(119)))
    put(harness, "n000", body_html="<p>Увесь.</p>")
    calls = counted(harness)
    assert len(page(harness)["items"]) == 100
    assert [call for call in calls if "KEY#" not in call] == [
        "query_index ARTICLES",
        "get ('UPGRADED#articles', 'UPGRADED')",
    ]


@pytest.mark.engine
def test_what_the_index_lacks_is_read_a_few_at_a_time_and_written_once(harness: Harness) -> None:
    store(harness, *(f"n{number:03}" for number in range(30)))
    pages = list(walked(harness))
    assert [len(items) for items in pages] == [25, 5]
    version = pages[0][0]["version"]
    assert version == Visitor().get("/v1/articles/n000/seal").json["version"]
    calls = counted(harness)
    assert [item for items in walked(harness) for item in items] == [item for items in pages for item in items]
    assert not [call for call in calls if "ARTICLE#" in call], "the copies stand in the index now"


def test_large_texts_are_read_fewer_at_a_time(harness: Harness) -> None:
    body = random.Random(16).randbytes(300 * 1024)  # noqa: S311 - what does not compress, no secret
    store(harness, *(f"n{number:03}" for number in range(10)), body=body)
    assert [len(items) for items in walked(harness)] == [4, 4, 2]


def test_a_rotated_key_changes_the_version_of_all(harness: Harness) -> None:
    """Also one that has the name of the key before it, as after a secret that was lost."""
    for name in ("a", "b"):
        put(harness, name, body_html="<p>Увесь.</p>", origin="hugo")
    put(harness, "no-text")
    seen = {item["version"] for item in page(harness)["items"]}
    name, key = harness.settings.seal_keys[0]
    for roots in (ROOTS, ((name, key + b"x"),), (), ((name, key),)):
        harness.wiring.settings = harness.settings._replace(seal_keys=roots)
        for _ in range(2):
            for item in page(harness)["items"]:
                told = Visitor().get(f"/v1/articles/{item['id']}/seal").json
                assert item["version"] == told.get("version"), item["id"]
        seen |= {item["version"] for item in page(harness, "?origin=hugo")["items"]}
    assert len(seen) == 2 * 3 + 1, "two texts under three keys, and nothing"


@pytest.mark.engine
def test_what_is_put_while_a_copy_is_mended_counts(harness: Harness) -> None:
    store(harness, "mist")
    inner = harness.table

    def before(call: str, what: Any) -> None:
        if call == "write" and isinstance(what, Update):
            harness.table = inner
            put(harness, title="Новий", body_html="<p>Новий.</p>")

    harness.table = Around(inner, before)
    page(harness)
    harness.table = inner
    (item,) = page(harness)["items"]
    assert (item["title"], item["version"]) == ("Новий", Visitor().get("/v1/articles/mist/seal").json["version"])


def test_a_mended_copy_brings_nothing_back(harness: Harness) -> None:
    store(harness, "mist")
    inner = harness.table

    def before(call: str, what: Any) -> None:
        if call == "write" and isinstance(what, Update):
            articles.delete(inner, "mist")

    harness.table = Around(inner, before)
    page(harness)
    harness.table = inner
    assert harness.table.get(keys.article("mist")) is None
    assert ids(harness) == []


def test_of_one_origin(harness: Harness) -> None:
    for number in range(210):
        store_listed(harness, f"n{number:03}", origin="hugo" if number % 70 == 0 else "wordpress")
    put(harness, "nobodys")
    store(harness, "old")
    assert ids(harness, "hugo") == ["n000", "n070", "n140"]
    assert len(ids(harness, "wordpress")) == 207
    assert ids(harness, "nobody-of-this-name") == []


def test_a_page_looks_at_so_many_entries_and_no_more(harness: Harness) -> None:
    store_listed(harness, *(f"n{number:04}" for number in range(1010)), origin="wordpress")
    first = page(harness, "?origin=hugo")
    assert (first["items"], first["next"]) == ([], "n0999")
    assert page(harness, "?origin=hugo&after=n0999") == {**first, "next": None}


def test_that_old_ones_may_be_missing_is_said(harness: Harness) -> None:
    harness.table.write(Put({"pk": "ARTICLE#old", "sk": "ARTICLE", "id": "old", "title": "М", "url": f"{SITE}/m",
                             "access": "members", "teaser": articles.packed("П"), "updated_at": NOW}))  # fmt: skip
    assert page(harness) == {"items": [], "next": None, "complete": False}
    stored = harness.table.get(keys.article("old"))
    assert stored is not None
    listing = articles.list_article(stored)
    assert listing is not None
    harness.table.write(listing)
    harness.table.write(Put({"pk": "UPGRADED#articles", "sk": "UPGRADED", "at": NOW}))
    answered = page(harness)
    assert ([item["id"] for item in answered["items"]], answered["complete"]) == (["old"], True)


def test_pages_while_others_put_and_delete(harness: Harness) -> None:
    """None twice, and none lost that stood all the time; also when the page's last one is deleted before the next."""
    chance = random.Random(16)  # noqa: S311 - the same each time, no secret
    standing = [f"s{number:03}" for number in range(250)]
    store_listed(harness, *standing)
    seen: list[str] = []
    after = ""
    while True:
        answered = page(harness, f"?after={after}" if after else "")
        seen += [item["id"] for item in answered["items"]]
        after = answered["next"]
        if after is None:
            break
        if after not in standing:
            articles.delete(harness.table, after)
        for _ in range(40):
            name = f"s{chance.randrange(250):03}.{chance.randrange(9)}"
            store_listed(harness, name)
            if chance.random() < 0.5:
                articles.delete(harness.table, name)
            store_listed(harness, chance.choice(standing), title="Знову")
    assert len(seen) == len(set(seen))
    assert seen == sorted(seen)
    assert set(standing) <= set(seen)


def test_strangers_and_others_keys_see_nothing(harness: Harness) -> None:
    put(harness, **WHOLE)
    for headers in ({}, {"Authorization": "Bearer no"}, {"Authorization": "Bearer a.b.c"}, {"Cookie": "a=b"}):
        refused = Visitor(origin=None).get("/v1/articles", **headers)
        assert (refused.status, refused.json["code"]) == (401, "unknown_key")
    assert Visitor(origin=None).get("/v1/articles/").status == 401
