"""`doctor --leaks` against real servers: a site that gives gated text away in one place, and one that does not."""

import html
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from chalicelib.articles.rows import articles
from chalicelib.articles.rows.articles import StoredArticleRow, packed
from chalicelib.articles.rules.policy import MEMBERS, OPEN
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import Table
from ops.doctor.leaks import command
from ops.doctor.leaks.command import Looked, look, look_for_leaks
from ops.doctor.subject import Subject
from testkit.memory_table import MemoryTable
from tests.ops.doctor.here import Here
from tests.ops.doctor.leaky_site import ARTICLE, BODY, TEASER, TEXT, Answer, Page, feed, page, posts, running_site


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "Reader", Here)


class Local(Subject):
    """A local stage whose table is in memory."""

    def now(self) -> BusinessTime:
        return BusinessTime(1_795_000_000)


def subject(table: Table, base: str) -> Local:
    made = Local("local", "demo", base, (base,), "t", Path("newsroom.toml"))
    made.table = table
    return made


def put(table: Table, url: str, **changes: Any) -> None:
    values = {"id": "dam", "title": "Дамба", "access": MEMBERS, "teaser": packed(TEASER), "body": packed(BODY)}
    articles.put(table, StoredArticleRow(**{**values, "url": url, "updated_at": 1, **changes}))


def looked_at(pages: dict[str, Page | Answer], **article: Any) -> Looked:
    with running_site({ARTICLE: page(), **pages}) as site:
        table = MemoryTable()
        put(table, site.article, **article)
        return look(subject(table, site.base), (), budget=300, pause=0)


def as_googlebot(headers: Mapping[str, str]) -> Page:
    return page(BODY if "Googlebot" in headers.get("User-Agent", "") else "")


def from_google(headers: Mapping[str, str]) -> Page:
    return page(BODY if "google" in headers.get("Referer", "") else "")


LD = f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", "articleBody": TEXT})}</script>'
STATE = f"<script>window.__STATE__ = JSON.parse({json.dumps(json.dumps({'html': BODY}))});</script>"
LEAKY: dict[str, dict[str, Any]] = {
    "hidden by a style": {ARTICLE: page(f"<div style='display:none'>{BODY}</div>")},
    "a comment": {ARTICLE: page(f"<!-- {BODY} -->")},
    "a template": {ARTICLE: page(f"<template>{BODY}</template>")},
    "JSON-LD": {ARTICLE: page(LD)},
    "a script's state": {ARTICLE: page(STATE)},
    "a description": {ARTICLE: page(head=f'<meta property="og:description" content="{html.escape(TEXT)}">')},
    "an attribute with HTML": {ARTICLE: page(f'<x-wall data-full="{html.escape(BODY)}"></x-wall>')},
    "?amp=1": {f"{ARTICLE}?amp=1": page(BODY)},
    "?output=amp": {f"{ARTICLE}?output=amp": page(BODY)},
    "?print=1": {f"{ARTICLE}?print=1": page(BODY)},
    "/amp/": {f"{ARTICLE}/amp/": page(BODY)},
    "its own feed": {f"{ARTICLE}/feed/": feed(BODY)},
    "the site's feed": {"/feed/": feed(BODY)},
    "the feed that plug-ins forget": {"/feed/rdf/": feed(BODY)},
    "a feed in CDATA": {"/rss.xml": ("text/xml", f"<rss><item><![CDATA[{BODY}]]></item></rss>")},
    "a linked AMP page": {
        ARTICLE: page(head='<link rel="amphtml" href="/m/dam">'),
        "/m/dam": page(BODY),
    },
    "a linked JSON version": {
        ARTICLE: page(head='<link rel="alternate" type="application/json" href="/json/7">'),
        "/json/7": posts(BODY),
    },
    "WordPress's API": {"/wp-json/wp/v2/posts?slug=dam": posts(BODY)},
    "WordPress's newest": {"/wp-json/wp/v2/posts?per_page=20": posts(BODY)},
    "a sitemap below a sitemap": {
        "/sitemap.xml": ("text/xml", "<sitemapindex><loc>{base}/news-1.xml</loc></sitemapindex>"),
        "/news-1.xml": ("text/xml", f"<urlset><news:description>{TEXT}</news:description></urlset>"),
    },
    "robots.txt names a sitemap": {
        "/robots.txt": ("text/plain", "User-agent: *\nSitemap: /maps/all.xml\n"),
        "/maps/all.xml": ("text/xml", f"<urlset><description>{TEXT}</description></urlset>"),
    },
    "a page that a sitemap names": {
        "/sitemap.xml": ("text/xml", "<urlset><url><loc>{base}/old/dam?a=1&amp;b=2</loc></url></urlset>"),
        "/old/dam?a=1&b=2": page(BODY),
    },
    "a page of a packed sitemap below a sitemap": {
        "/sitemap.xml": (
            "text/xml",
            "<sitemapindex><sitemap><loc>{base}/posts.xml.gz</loc></sitemap></sitemapindex>",
        ),
        "/posts.xml.gz": ("application/gzip", "<urlset><url><loc><![CDATA[{base}/tag/river]]></loc></url></urlset>"),
        "/tag/river": page(BODY),
    },
    "a page of a sitemap that is a text": {
        "/robots.txt": ("text/plain", "Sitemap: /all.txt"),
        "/all.txt": ("text/plain", "{base}/about\n{base}/archive\n"),
        "/archive": page(BODY),
    },
    "a page that a feed names": {
        "/feed/": ("application/rss+xml", "<rss><channel><item><link>{base}/short/7</link></item></channel></rss>"),
        "/short/7": page(BODY),
    },
    "a page that an Atom feed names": {
        "/atom.xml": ("text/xml", '<feed><entry><link rel="alternate" href="{base}/short/8"/></entry></feed>'),
        "/short/8": page(BODY),
    },
    "llms-full.txt": {"/llms-full.txt": ("text/plain", f"# Дамба\n\n{TEXT}\n")},
    "to whoever says Googlebot": {ARTICLE: as_googlebot},
    "to whoever comes from Google": {ARTICLE: from_google},
    "soft hyphens, capitals, other quotes": {ARTICLE: page(TEXT.upper().replace("РІВЕНЬ", "РІ\u00adВЕНЬ"))},
    "stressed vowels": {ARTICLE: page(TEXT.replace("рівень", "рі\u0301вень"))},
    "a word cut by markup": {ARTICLE: page(BODY.replace("рівень", "рі<b>вень</b>"))},
}


@pytest.mark.parametrize("where", LEAKY)
def test_text_given_away(where: str) -> None:
    pages = LEAKY[where]
    with running_site({ARTICLE: page(), **pages}) as site:
        for path, found in site.pages.items():
            if isinstance(found, tuple):
                site.pages[path] = (found[0], found[1].replace("{base}", site.base))
        table = MemoryTable()
        put(table, site.article)
        found_here = look(subject(table, site.base), (), budget=300, pause=0)
    assert found_here.code == 1
    assert max(leak.share for leak in found_here.leaks) > 90
    assert {leak.article for leak in found_here.leaks} == {"dam"}


def test_a_tight_site_gives_nothing_away() -> None:
    """The teaser, the title and a few words of the text are on every version; that is what they are for."""
    few = page("<p>«Ми бачили рівень води», — каже інженер. Читайте далі.</p>")
    tight: dict[str, Page | Answer] = {
        ARTICLE: few, f"{ARTICLE}?amp=1": few, "/feed/": feed(TEASER), "/rss.xml": feed(TEASER),
        "/wp-json/wp/v2/posts?slug=dam": posts(TEASER), "/sitemap.xml": ("text/xml", "<urlset></urlset>"),
    }  # fmt: skip
    found = looked_at(tight)
    assert (found.leaks, found.code) == ([], 0)
    assert found.crawl.read > 5


def test_one_sentence_is_a_leak_and_its_share_is_told() -> None:
    part = "За документами, що їх отримала редакція, третина коштів на ремонт дамби пішла фірмі."
    found = looked_at({ARTICLE: page(f"<p>{part}</p>")})
    assert 20 < found.leaks[0].share < 60


def test_what_is_open_by_now_is_no_leak() -> None:
    assert looked_at({ARTICLE: page(BODY)}, access=OPEN).code == 0
    assert looked_at({ARTICLE: page(BODY)}, opens_at=1_700_000_000).code == 0
    assert looked_at({ARTICLE: page(BODY)}, access=OPEN, closes_at=1_700_000_000).code == 1


def test_a_standing_line_of_many_articles_is_no_leak() -> None:
    line = "<p>Підпишіться на наш канал, щоб не пропустити жодної новини з Надріччя.</p>"
    with running_site({ARTICLE: page(line)}) as site:
        table = MemoryTable()
        for name in ("dam", "bridge", "market"):
            put(table, site.article, id=name, body=packed(f"<p>Текст про {name} тут.</p>{line}"))
        assert look(subject(table, site.base), (), budget=300, pause=0).leaks == []


def test_it_asks_as_a_stranger_and_on_its_own_host_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    seen: list[dict[str, str]] = []

    def noted(headers: Mapping[str, str]) -> Page:
        seen.append(dict(headers))
        return page(head=f'<link rel="amphtml" href="{other.base}/amp"><link rel="alternate" href="ftp://x/y">')

    with running_site({"/amp": page(BODY)}) as other, running_site({ARTICLE: noted}) as site:
        site.moved["/feed/"] = f"{other.base}/amp"
        table = MemoryTable()
        put(table, site.article)
        assert look(subject(table, site.base), (), budget=300, pause=0).leaks == []
        assert other.asked == []
    assert seen
    assert not [headers for headers in seen if "Cookie" in headers or "Authorization" in headers]
    assert "spilno-doctor" in seen[0]["User-Agent"]


def test_redirects_on_the_own_host_are_followed() -> None:
    with running_site({ARTICLE: page(), "/all": feed(BODY)}) as site:
        site.moved["/rss"] = "/all"
        table = MemoryTable()
        put(table, site.article)
        (leak,) = look(subject(table, site.base), (), budget=300, pause=0).leaks
    assert leak.url.endswith("/rss")


def test_no_more_requests_than_allowed() -> None:
    with running_site({ARTICLE: page()}) as site:
        table = MemoryTable()
        put(table, site.article)
        found = look(subject(table, site.base), (), budget=5, pause=0)
        assert len(site.asked) == 5
    assert found.crawl.left_out > 10


def test_a_small_budget_still_reads_every_page_itself() -> None:
    with running_site({f"/news/{number}": page() for number in range(6)} | {"/news/5": page(BODY)}) as site:
        table = MemoryTable()
        for number in range(6):
            put(
                table, f"{site.base}/news/{number}", id=f"a{number}", body=packed(BODY if number == 5 else "<p>…</p>")
            )
        put(table, f"{site.base}/news/4", id="a4")
        found = look(subject(table, site.base), (), budget=6, pause=0)
    assert {leak.url.rpartition("/")[2] for leak in found.leaks} == {"5"}


def test_addresses_of_ones_own_choice_are_searched_for_every_gated_text() -> None:
    with running_site({"/about": page(BODY)}) as site:
        table = MemoryTable()
        put(table, "https://elsewhere.example/news/dam")
        found = look(subject(table, site.base), (f"{site.base}/about",), budget=300, pause=0)
    assert found.leaks[0].how == "the page"


def test_what_is_printed_holds_no_more_than_the_first_words(capsys: pytest.CaptureFixture[str]) -> None:
    with running_site({ARTICLE: page(BODY)}) as site:
        table = MemoryTable()
        put(table, site.article)
        for as_json in (False, True):
            assert look_for_leaks(subject(table, site.base), (), budget=6, as_json=as_json) == 1
            printed = capsys.readouterr().out
            assert "ми бачили рівень води" in printed
            assert "ще в" not in printed
            assert "екскаватора" not in printed
    assert json.loads(printed)["leaks"][0]["article"] == "dam"


def test_nothing_read_is_not_nothing_found(capsys: pytest.CaptureFixture[str]) -> None:
    table = MemoryTable()
    put(table, "http://127.0.0.1:1/news")
    assert look_for_leaks(subject(table, "http://127.0.0.1:1"), (), budget=6, as_json=False) == 2
    assert "nothing is known" in capsys.readouterr().out


def test_a_text_that_only_the_website_has_is_said() -> None:
    found = looked_at({}, body=None)
    assert (found.articles, [one.id for one in found.without_text], found.code) == ([], ["dam"], 0)


def sitemap(site_base: str, count: int) -> Page:
    """Its pages, the newest last, as many generators write them."""
    pages = [f"<url><loc>{site_base}/p/{n}</loc><lastmod>2026-11-{n + 1:02}</lastmod></url>" for n in range(count)]
    return "text/xml", f"<urlset>{''.join(pages)}</urlset>"


def test_pages_of_a_sitemap_are_read_newest_first_in_turn_with_the_rest_and_within_the_budget() -> None:
    with running_site({ARTICLE: page(), **{f"/p/{n}": page() for n in range(25)}}) as site:
        site.pages["/sitemap.xml"] = sitemap(site.base, 25)
        table = MemoryTable()
        put(table, site.article)
        found = look(subject(table, site.base), (), budget=20, pause=0)
        asked = [path for path, _, _ in site.asked]
    assert len(asked) == 20
    read = [path for path in asked if path.startswith("/p/")]
    assert read == [f"/p/{n}" for n in range(24, 24 - len(read), -1)]
    assert 5 < len(read) < 15
    assert found.crawl.left_out > 10


def test_a_sitemap_leads_nowhere_else() -> None:
    with running_site({"/p/0": page(BODY)}) as other, running_site({ARTICLE: page()}) as site:
        site.pages["/sitemap.xml"] = sitemap(other.base, 1)
        table = MemoryTable()
        put(table, site.article)
        assert look(subject(table, site.base), (), budget=300, pause=0).leaks == []
        assert other.asked == []


def test_a_teaser_that_is_the_text_is_found_without_a_website(capsys: pytest.CaptureFixture[str]) -> None:
    table = MemoryTable()
    put(table, "http://127.0.0.1:1/news", title="Дамба &#8211; наша", teaser=packed(f"<div>{BODY}</div>"))
    put(table, "http://127.0.0.1:1/fine", id="fine", body=packed(TEASER), access=OPEN)
    assert look_for_leaks(subject(table, "http://127.0.0.1:1"), (), budget=6, as_json=False) == 1
    assert "Дамба – наша (dam): 100 % of its text stand in its teaser" in capsys.readouterr().out
    assert look_for_leaks(subject(table, "http://127.0.0.1:1"), (), budget=6, as_json=True) == 1
    told = json.loads(capsys.readouterr().out)["given_away"]
    assert told == [{"article": "dam", "title": "Дамба – наша", "share": 100}]


def test_a_teaser_that_is_a_teaser_is_none() -> None:
    table = MemoryTable()
    put(table, "http://127.0.0.1:1/news")
    put(table, "http://127.0.0.1:1/open", id="open", teaser=packed(BODY), access=OPEN)
    assert look(subject(table, "http://127.0.0.1:1"), (), budget=1, pause=0).given_away == []
