"""Where else an article's text may stand: other versions of its page, feeds, sitemaps, a CMS's own API."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
_QUERIES = ("amp=1", "amp", "output=amp", "outputType=amp", "print=1", "print=print", "format=json", "_format=json")
_BELOW = ("amp", "feed", "print", "embed")
_SITE_WIDE = (
    "robots.txt", "sitemap.xml", "sitemap_index.xml", "news-sitemap.xml", "wp-sitemap.xml",
    "feed/", "rss", "rss.xml", "feed.xml", "atom.xml", "index.xml", "feed.json", "?feed=rss2", "feed/atom/",
    "feed/rdf/", "feed/feed.xml", "feeds/all.atom.xml", "index.json", "search.json", "search-index.json",
    "searchindex.json", "wp-json/wp/v2/posts?per_page=20", "llms.txt", "llms-full.txt",
)  # fmt: skip


@dataclass(frozen=True)
class Visit:
    """An address to read. `how` names the version of the page; `agent` and `referer` are the headers to send."""

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
    """What a website has once: feeds, sitemaps, search indexes, the newest articles of its API."""
    parts = urlsplit(url)
    for path in _SITE_WIDE:
        yield Visit(f"{parts.scheme}://{parts.netloc}/{path}", f"/{path}")
