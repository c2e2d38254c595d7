"""Where else an article's text may stand: other versions of its page, feeds, sitemaps, a CMS's own API."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from bs4.element import Tag

from ops.doctor.leaks.words import parsed

GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
_SITEMAP_LINE = re.compile(r"^\s*sitemap:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_LOCATION = re.compile(r"<loc>\s*(?:<!\[CDATA\[)?\s*([^<\]\s]+)", re.IGNORECASE)
_CHANGED = re.compile(r"<lastmod>\s*([0-9T:.+Z-]+)", re.IGNORECASE)
_ITEM_LINK = re.compile(r"<link>\s*(?:<!\[CDATA\[)?\s*(https?://[^<\]\s]+)", re.IGNORECASE)
_QUERIES = ("amp=1", "amp", "output=amp", "outputType=amp", "print=1", "print=print", "format=json", "_format=json")
_BELOW = ("amp", "feed", "print", "embed")
_SITE_WIDE = (
    "robots.txt", "sitemap.xml", "sitemap_index.xml", "news-sitemap.xml", "wp-sitemap.xml",
    "feed/", "rss", "rss.xml", "feed.xml", "atom.xml", "index.xml", "feed.json", "?feed=rss2", "feed/atom/",
    "wp-json/wp/v2/posts?per_page=20", "llms.txt", "llms-full.txt",
)  # fmt: skip
PAGES_NAMED = _PAGE_OF_SITEMAP, _PAGE_OF_FEED = ("a page that a sitemap names", "a page that a feed names")
_LINKED = frozenset({"amphtml", "alternate", "canonical", "shortlink"})


@dataclass(frozen=True)
class Visit:
    """An address to read. `how` says which version it is; `agent` and `referer` who we say we are."""

    url: str
    how: str
    agent: str = ""
    referer: str = ""


def of_article(url: str) -> Iterator[Visit]:
    """The page itself, and the versions that themes and plug-ins commonly make of it."""
    parts = urlsplit(url)
    bare = parts._replace(query="", fragment="")
    yield Visit(url, "the page")
    yield Visit(url, "the page as Google's crawler asks for it", agent=GOOGLEBOT)
    yield Visit(url, "the page on a click in Google", referer="https://www.google.com/")
    for query in _QUERIES:
        joined = f"{parts.query}&{query}" if parts.query else query
        yield Visit(urlunsplit(parts._replace(query=joined, fragment="")), f"?{query}")
    for name in _BELOW:
        yield Visit(urlunsplit(bare._replace(path=f"{parts.path.rstrip('/')}/{name}/")), f"/{name}/")
    slug = parts.path.rstrip("/").rpartition("/")[2].removesuffix(".html")
    if slug:
        for kind in ("posts", "pages"):
            path = f"/wp-json/wp/v2/{kind}"
            yield Visit(
                urlunsplit(bare._replace(path=path, query=f"slug={quote(slug, safe='%')}")), "WordPress's API"
            )


def host(url: str) -> str:
    """The host and port of an address, lower case."""
    return urlsplit(url).netloc.lower()


def of_site(url: str) -> Iterator[Visit]:
    """What a website has once: feeds, sitemaps, the newest articles of its API."""
    parts = urlsplit(url)
    for path in _SITE_WIDE:
        yield Visit(f"{parts.scheme}://{parts.netloc}/{path}", f"/{path}")


def named(url: str, body: str) -> Iterator[Visit]:
    """The pages of a site that a sitemap (`<urlset>`, or a text of addresses) or a feed names, the newest first."""
    head = body[:2000]
    if "<urlset" in head:
        yield from (Visit(found, _PAGE_OF_SITEMAP) for found in _newest_first(url, body, "url"))
    elif "<rss" in head or "<rdf:RDF" in head:
        yield from (Visit(html.unescape(found), _PAGE_OF_FEED) for found in _ITEM_LINK.findall(body))
    elif urlsplit(url).path.endswith((".txt", ".txt.gz")) and head.startswith(("http://", "https://")):
        yield from (Visit(line.strip(), _PAGE_OF_SITEMAP) for line in body.splitlines() if line.strip())


def _newest_first(url: str, body: str, each: str) -> list[str]:
    """Addresses of a sitemap by the day of their last change; without one they come last, in their order."""
    found = []
    for part in re.split(rf"<{each}\b[^>]*>", body)[1:] or re.split("(?=<loc>)", body)[1:]:
        if location := _LOCATION.search(part):
            changed = _CHANGED.search(part)
            found.append((changed[1] if changed else "", urljoin(url, html.unescape(location[1]))))
    return [address for _, address in sorted(found, key=lambda one: one[0], reverse=True)]


def linked(url: str, body: str) -> Iterator[Visit]:
    """Other versions that a page, a robots.txt or a sitemap names; the pages that a sitemap or a feed names."""
    yield from named(url, body)
    for found in _SITEMAP_LINE.findall(body) if urlsplit(url).path == "/robots.txt" else ():
        yield Visit(urljoin(url, found), "a sitemap")
    if "<sitemapindex" in body[:2000]:
        yield from (Visit(found, "a sitemap") for found in _newest_first(url, body, "sitemap"))
    for tag in parsed(body).find_all("link", href=True):
        assert isinstance(tag, Tag)
        kinds = {str(kind).lower() for kind in tag.get_attribute_list("rel")}
        if kinds & _LINKED and "stylesheet" not in kinds:
            kind = str(tag.get("type") or "").strip()
            name = " ".join(sorted(kinds & _LINKED))
            yield Visit(urljoin(url, str(tag["href"])), f"linked as {name}{f' ({kind})' if kind else ''}")
