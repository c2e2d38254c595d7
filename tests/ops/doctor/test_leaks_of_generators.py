"""What a static generator or an old CMS gives away beside its pages: search indexes, scripts with texts, feeds."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from chalicelib.articles.rows.articles import packed
from ops.doctor import web
from ops.doctor.leaks import command
from ops.doctor.leaks.command import look
from ops.doctor.leaks.files import items_of_json, named_files
from testkit.memory_table import MemoryTable
from testkit.serving import serving
from tests.ops.doctor.here import Here
from tests.ops.doctor.leaky_site import ARTICLE, TEXT, Answer, Page, page, running_site
from tests.ops.doctor.test_leaks import put, subject


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "Reader", Here)


def text(number: int) -> str:
    """The gated text of one article: words that no other has."""
    return " ".join(f"слово{number}літера{chr(0x430 + at)}" for at in range(24)) + "."


def index(number: int) -> Page:
    return "application/json", json.dumps([{"title": "Дамба", "content": text(number)}])


TEXTS = json.dumps({"pages": [{"text": text(4)}]})
JSON_FEED = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [{"url": "{base}/short/7"}]})
# Each article leaks in one place of one site, so that one run shows all of them.
LEAKY: dict[int, tuple[str, dict[str, Page]]] = {
    0: ("a search index that nothing names", {"/index.json": index(0)}),
    1: ("a search index that a page's script names", {"/data/1.json": index(1)}),
    2: ("a search index that an attribute names", {"/data/2.json?v=3": index(2)}),
    3: (
        "a search index that the site's script names",
        {"/js/search.min.js": ("text/javascript", 'x.open("GET","../lunr/3.json");'), "/lunr/3.json": index(3)},
    ),
    4: ("a script that holds the texts", {"/tipuesearch_content.js": ("text/javascript", f"var pages = {TEXTS};")}),
    5: (
        "Pelican's feed",
        {"/feeds/all.atom.xml": ("text/xml", f"<feed><content><![CDATA[{text(5)}]]></content></feed>")},
    ),
    6: (
        "a page that an Atom feed's bare link names",
        {
            "/feed/feed.xml": ("text/xml", '<feed><entry><link href="{base}/short/6"/></entry></feed>'),
            "/short/6": page(text(6)),
        },
    ),
    7: (
        "a page that a JSON feed names",
        {"/feed.json": ("application/feed+json", JSON_FEED), "/short/7": page(text(7))},
    ),
}
HOME = page(
    "<script>fetch('/data/1.json').then((r) => r.json())</script><div data-index='/data/2.json?v=3'></div>",
    '<script src="/js/search.min.js" defer></script><script src="/tipuesearch_content.js"></script>',
)


def test_what_generators_put_beside_their_pages_is_read() -> None:
    pages = {path: found for _, more in LEAKY.values() for path, found in more.items()}
    with running_site({ARTICLE: HOME, **pages}) as site:
        site.pages = {path: _here_is(found, site.base) for path, found in site.pages.items()}
        table = MemoryTable()
        for number in LEAKY:
            put(table, site.article, id=f"a{number}", body=packed(f"<p>{text(number)}</p>"))
        leaks = {leak.article: leak.share for leak in look(subject(table, site.base), (), budget=300, pause=0).leaks}
    assert leaks == {f"a{number}": 100 for number in LEAKY}


def _here_is(found: Page | Answer, base: str) -> Page | Answer:
    return (found[0], found[1].replace("{base}", base)) if isinstance(found, tuple) else found


def test_what_a_script_puts_together_is_no_address_and_no_page_names_hundreds() -> None:
    many = " ".join(f'"/{number}.json"' for number in range(500))
    assert len(list(named_files("http://a/", f"<script>{many}</script>"))) == 20
    assert list(named_files("http://a/x.js", "fetch(`${base}/index.json`); fetch(base + '.json')")) == []
    assert list(named_files("http://a/feed.json", '{"a": "/b.json"}')) == []
    hostile = '"' * 100_000 + '"/a' * 100_000
    assert list(named_files("http://a/", f"<script>{hostile}")) == []


@pytest.mark.parametrize("body", ["", "[]", '{"items": 7}', '{"items": [{}]}', '{"items": [{"url": 7}]}', "[" * 9999])
def test_a_broken_json_feed_leads_nowhere(body: str) -> None:
    assert list(items_of_json(body)) == []


PAGES = {
    "/page": (
        "text/html",
        f"<META http-equiv=Content-Type content='text/html; charset=windows-1251'>{TEXT}",
    ),
    "/html5": ("text/html", f'<html><head><meta charset="windows-1251"></head>{TEXT}'),
    "/feed": ("text/xml", f'<?xml version="1.0" encoding="windows-1251"?><rss><item>{TEXT}</item></rss>'),
    "/by-header": ("text/html; charset=windows-1251", f'<meta charset="utf-8">{TEXT}'),
}


@contextmanager
def old_cms() -> Iterator[str]:
    """A site in windows-1251, whose server says so or not."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, text = PAGES[self.path]
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(text.encode("windows-1251"))

        def log_message(self, *_: object) -> None:
            """Silent: tests say what they need."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server, serving(server):
        yield f"http://127.0.0.1:{server.server_address[1]}"


def test_a_page_in_windows_1251_is_read_whoever_says_that_it_is() -> None:
    with old_cms() as base:
        assert [TEXT in web.fetch(f"{base}{path}").text for path in PAGES] == [True] * len(PAGES)
