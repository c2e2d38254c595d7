"""A small newspaper that gives its gated text away in one place or another, or nowhere: a real server."""

import gzip
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from testkit.serving import serving

TEASER = "<p>Річка вийшла з берегів уночі проти неділі, і ніхто в мерії не брав слухавки до самого ранку.</p>"
BODY = (
    "<h2>Хто знав</h2><p>«Ми бачили рівень води ще в п’ятницю», — каже інженер насосної станції Петро Гнатюк, "
    "який&nbsp;просив не називати його <b>посади</b>.</p><p>За документами, що їх отримала редакція, "
    "третина коштів на ремонт дамби пішла фірмі з однією працівницею та без жодного екскаватора.</p>"
)
TEXT = (
    "Ми бачили рівень води ще в п'ятницю, каже інженер насосної станції Петро Гнатюк, який просив не називати "
    "його посади. За документами, що їх отримала редакція, третина коштів на ремонт дамби пішла фірмі з однією "
    "працівницею та без жодного екскаватора."
)
ARTICLE = "/news/dam.html"
Page = tuple[str, str]  # media type, body
Answer = Callable[[Mapping[str, str]], Page]


def page(extra: str = "", head: str = "") -> Page:
    """The article's page: title, teaser, and whatever a test adds."""
    body = f"<body><h1>Дамба</h1>{TEASER}{extra}</body>"
    return "text/html; charset=utf-8", f"<!doctype html><html><head><title>Дамба</title>{head}</head>{body}</html>"


def feed(text: str) -> Page:
    """An RSS feed with one item, its HTML escaped within the XML."""
    item = f"<item><title>Дамба</title><description>{escape(text)}</description></item>"
    return "application/rss+xml", f"<?xml version='1.0'?><rss><channel>{item}</channel></rss>"


def posts(text: str) -> Page:
    """WordPress's list of posts, letters by number as PHP writes them."""
    return "application/json", json.dumps([{"slug": "dam", "content": {"rendered": text}}])


@dataclass
class Site:
    """A running site. `asked` are the paths that were asked for, with their user agents and cookies."""

    base: str = ""
    pages: dict[str, Page | Answer] = field(default_factory=dict)
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    moved: dict[str, str] = field(default_factory=dict)

    @property
    def article(self) -> str:
        """The article's address."""
        return f"{self.base}{ARTICLE}"


@contextmanager
def running_site(pages: Mapping[str, Page | Answer]) -> Iterator[Site]:
    """A site with these pages, by path and query; a path without its query answers for the rest."""
    site = Site(pages=dict(pages))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, self.headers.get("User-Agent", ""), self.headers.get("Cookie", "")))
            if target := site.moved.get(self.path):
                self.send_response(302)
                self.send_header("Location", target)
                self.end_headers()
                return
            found = site.pages.get(self.path) or site.pages.get(urlsplit(self.path).path)
            told = found(dict(self.headers)) if callable(found) else found
            self.send_response(200 if told else 404)
            self.send_header("Content-Type", told[0] if told else "text/html")
            self.end_headers()
            text = (told[1] if told else "<h1>404</h1>").encode()
            self.wfile.write(gzip.compress(text) if self.path.endswith(".gz") else text)

        def log_message(self, *_: object) -> None:
            """Silent: tests say what they need."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        site.base = f"http://127.0.0.1:{server.server_address[1]}"
        with serving(server):
            yield site
