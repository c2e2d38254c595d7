"""`doctor --leaks` among pages that a stranger made to break or to hold up whoever reads them."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from ops.doctor.leaks.command import Looked, look
from ops.doctor.leaks.crawl import Crawl
from ops.doctor.leaks.keys import Keys
from ops.doctor.leaks.leads import leads
from ops.doctor.leaks.readings import readings
from ops.doctor.leaks.variants import Visit
from ops.doctor.leaks.words import row
from testkit.memory_table import MemoryTable
from tests.ops.doctor.leaky_site import ARTICLE, BODY, Answer, Page, page, running_site
from tests.ops.doctor.test_leaks import put, subject
from tests.ops.doctor.test_leaks_keys import article
from tests.ops.doctor.test_web import Headers, answering
from tests.reading.sealed import K1

EVIL = "http://[evil"
# Marks of two classes in turn: putting them in order takes a time that grows with the square of their number.
MARKS = "a" + "\u0316\u0301" * 400_000
TEXT = "ми бачили рівень води"

BODIES = {
    "nested elements": "<div>" * 100_000,
    "nested lists": "[" * 200_000,
    "nested objects": '{"a":' * 100_000,
    "a sitemap of open tags": "<urlset " + "<url " * 300_000,
    "a sitemap of whole tags": "<urlset>" + "<url>" * 300_000,
    "a location of blanks": "<urlset><url><loc>" + " " * 1_500_000,
    "open sections": "<![CDATA[" * 200_000,
    "open comments": "<!--" * 300_000,
    "open declarations": "<!" * 500_000,
    "open instructions": "<?" * 500_000,
    "ampersands": "&" * 2_000_000,
    "numbers of no character": "&#" + "9" * 1_000_000,
    "open tags": "<a " * 500_000,
    "open quotes": "<a " + "b='" * 400_000,
    "attributes of one name": "<a " + "b " * 500_000 + ">",
    "open scripts": "<script>" * 200_000,
    "ends within a script": "<script>" + "</" * 500_000,
    "backslashes": "<script>" + "\\" * 1_000_000,
    "links of no rel": "<link href=x>" * 100_000,
    "blank lines": "x" + "\n" * 1_500_000 + "x",
    "one long word": "x " + "a" * 1_500_000 + " x",
    "seals": '{"key":1,"sealed":2}' * 100_000,
}  # fmt: skip


@contextmanager
def within(seconds: float) -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", BODIES)
def test_any_page_is_read_in_seconds(name: str) -> None:
    with within(20):
        assert sum(1 for _ in readings(BODIES[name]))
        assert sum(1 for _ in leads("https://news.example/robots.txt", BODIES[name])) < 10
        assert Keys([article()], [K1]).leaks("https://news.example/", "the page", BODIES[name]) == []


@pytest.mark.parametrize("name", ["nested elements", "nested lists", "nested objects", "open sections", "ampersands"])
def test_what_stands_in_it_is_found_all_the_same(name: str) -> None:
    assert any(f" {TEXT} " in found for found in readings(f"{BODIES[name]} {TEXT}"))


def test_json_that_is_cut_off_is_read_with_its_letters_by_number() -> None:
    escaped = TEXT.encode("ascii", "backslashreplace").decode()
    assert any(f" {TEXT} " in found for found in readings(f'[{{"text": "{escaped}"}}, {{"te'))


def looked_at(pages: dict[str, Page | Answer], moved: dict[str, str] | None = None, seconds: float = 30) -> Looked:
    """A site with these pages and one more, the last that is asked for, that gives the text away."""
    with running_site({ARTICLE: page(), "/llms-full.txt": page(BODY), **pages}) as site:
        site.moved.update(moved or {})
        table = MemoryTable()
        put(table, site.article)
        return look(subject(table, site.base), (), budget=100, pause=0, seconds=seconds)


def the_rest_was_read(found: Looked) -> bool:
    return {leak.url.rpartition("/")[2] for leak in found.leaks} == {"llms-full.txt"}


STRANGE: dict[str, dict[str, Page | Answer]] = {
    "a link to no address": {ARTICLE: page(head=f'<link rel="canonical" href="{EVIL}">')},
    "a location of no address": {"/sitemap.xml": ("text/xml", f"<urlset><url><loc>{EVIL}</loc></url></urlset>")},
    "a sitemap of no address": {"/robots.txt": ("text/plain", f"Sitemap: {EVIL}")},
    "a charset for names": {ARTICLE: ("text/html; charset=idna", "Ї" * 500)},
    "a charset for long names": {ARTICLE: ("text/html; charset=punycode", "a" * 500_000)},
    "a charset with a zero": {ARTICLE: ("text/html; charset=a\0b", "Ї")},
    "a charset for literals": {ARTICLE: ("text/html; charset=unicode_escape", "\\x")},
    "a charset of nobody": {ARTICLE: ("text/html; charset=rot13", "Ї")},
    "nested elements": {ARTICLE: page("<div>" * 1000)},
}


@pytest.mark.parametrize("name", STRANGE)
def test_a_strange_page_does_not_end_the_run(name: str) -> None:
    found = looked_at(STRANGE[name])
    assert the_rest_was_read(found)
    assert found.crawl.unread == {}


def test_a_redirect_to_no_address_is_told() -> None:
    found = looked_at({}, moved={ARTICLE: EVIL})
    assert the_rest_was_read(found)
    assert "an address that is none" in found.crawl.unread[next(iter(found.crawl.unread))]


def test_a_page_that_takes_too_long_is_told_and_the_next_one_read() -> None:
    with within(60):
        found = looked_at({"/rss": ("text/html; charset=utf-8", MARKS)}, seconds=4)
    assert the_rest_was_read(found)
    assert {url.rpartition("/")[2]: why for url, why in found.crawl.unread.items()} == {
        "rss": "it was not read after 4 seconds"
    }


@pytest.mark.timeout(60)
def test_headers_that_do_not_end_are_told() -> None:
    table = MemoryTable()
    with answering(Headers) as base, within(15):
        put(table, f"{base}/dam")
        found = look(subject(table, base), (f"{base}/dam",), budget=1, pause=0, seconds=2)
    assert found.crawl.unread == {f"{base}/dam": "it was not read after 2 seconds"}
    assert found.code == 2


def test_no_more_addresses_wait_than_may_be_asked_for() -> None:
    crawl = Crawl(frozenset({"news.example"}), budget=300)
    crawl._add(Visit(f"https://news.example/{number}", "a sitemap") for number in range(40_000))
    assert len(crawl._queues[0]) == len(crawl._known) == 300
    assert crawl.left_out == 39_700


def test_many_large_sitemaps_are_read_in_seconds_and_their_addresses_counted() -> None:
    entries = "".join(f"<sitemap><loc>{{base}}/{{number}}/{n}.xml</loc></sitemap>" for n in range(20_000))
    with running_site({ARTICLE: page(), "/llms-full.txt": page(BODY)}) as site:
        for number, path in enumerate(("/sitemap.xml", "/sitemap_index.xml", "/news-sitemap.xml", "/wp-sitemap.xml")):
            told = entries.replace("{base}", site.base).replace("{number}", str(number))
            site.pages[path] = ("text/xml", f"<sitemapindex>{told}</sitemapindex>")
        table = MemoryTable()
        put(table, site.article)
        with within(60):
            found = look(subject(table, site.base), (), budget=100, pause=0)
    assert the_rest_was_read(found)
    assert found.crawl.left_out > 79_000


def test_an_address_of_ones_own_that_is_none_is_told() -> None:
    table = MemoryTable()
    put(table, "https://news.example/dam")
    found = look(subject(table, "https://news.example"), (EVIL,), budget=5, pause=0)
    assert (found.crawl.unread, found.code) == ({EVIL: "it is no address"}, 2)


def test_a_comment_within_a_sentence_does_not_hide_it() -> None:
    assert any(f" {TEXT} " in found for found in readings("<p>ми бачили <!-- x --> рівень <script>1</script>води"))
    assert row("Ми  бачили") == " ми бачили "
