"""Where an answer leads: versions that a page links to, sitemaps, the pages that these and feeds name, and files."""

from collections.abc import Collection, Iterator
from urllib.parse import urljoin, urlsplit

from ops.doctor.leaks.files import items_of_json, named_files
from ops.doctor.leaks.markup import Piece, opened, pieces, unescaped
from ops.doctor.leaks.variants import Visit

NAMED = _PAGE_OF_SITEMAP, _PAGE_OF_FEED, _FILE = (
    "a page that a sitemap names",
    "a page that a feed names",
    "a file that a page or its script names",
)
_LINKED = frozenset({"amphtml", "alternate", "canonical", "shortlink"})
_LONGEST = 4096  # characters of an address: sitemaps allow half of it
_HEAD = 2000  # characters in which a document says what it is


def is_ours(url: str, hosts: frozenset[str]) -> bool:
    """Whether this is an address on one of these hosts; False for one that is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and parts.netloc.lower() in hosts


def joined(url: str, reference: str) -> str | None:
    """The whole address; None where there is none (`http://[x`) or one that no server would take."""
    try:
        whole = urljoin(url, reference.strip())
    except ValueError:
        return None
    return whole if len(whole) <= _LONGEST else None


def leads(url: str, body: str) -> Iterator[Visit]:
    """All addresses that an answer leads to; pages and sitemaps the newest first."""
    markup, head = opened(body), body[:_HEAD]
    if "<urlset" in head:
        yield from _visits(url, _newest_first(markup, "url"), _PAGE_OF_SITEMAP)
    elif "<rss" in head or "<rdf:RDF" in head:
        yield from _visits(url, _items(markup), _PAGE_OF_FEED)
    elif "<feed" in head:
        yield from _visits(url, _entries(markup), _PAGE_OF_FEED)
    elif "jsonfeed.org/version" in head:
        yield from _visits(url, items_of_json(body), _PAGE_OF_FEED)
    elif urlsplit(url).path.endswith((".txt", ".txt.gz")) and head.startswith(("http://", "https://")):
        yield from _visits(url, filter(str.strip, body.splitlines()), _PAGE_OF_SITEMAP)
    if urlsplit(url).path == "/robots.txt":
        yield from _visits(url, _of_robots(body), "a sitemap")
    if "<sitemapindex" in head:
        yield from _visits(url, _newest_first(markup, "sitemap"), "a sitemap")
    for piece in pieces(markup):
        if piece.kind == "start" and piece.name == "link":
            yield from _visits(url, *_link(piece))
    yield from _visits(url, named_files(url, markup), _FILE)


def _visits(url: str, found: Iterator[str], how: str) -> Iterator[Visit]:
    yield from (Visit(whole, how) for one in found if (whole := joined(url, one)))


def _of_robots(body: str) -> Iterator[str]:
    for line in body.splitlines():
        field, _, value = line.partition(":")
        if field.strip().lower() == "sitemap" and value.strip():
            yield value.split()[0]


def _link(piece: Piece) -> tuple[Iterator[str], str]:
    kinds = set((piece.attribute("rel") or "").lower().split())
    href = piece.attribute("href")
    if href is None or not kinds & _LINKED or "stylesheet" in kinds:
        return iter(()), ""
    kind = (piece.attribute("type") or "").strip()[:100]
    name = " ".join(sorted(kinds & _LINKED))
    return iter((href,)), f"linked as {name}{f' ({kind})' if kind else ''}"


def _newest_first(markup: str, each: str) -> Iterator[str]:
    """Addresses of a sitemap by the day of their last change; without one they come last, in their order."""
    found: list[tuple[str, str]] = []
    address = changed = ""
    for name, text in (*_fields(markup, {each, "loc", "lastmod"}), (each, "")):
        if name == each or (name == "loc" and address):
            found += [(changed, address)] if address else []
            address = changed = ""
        if name == "loc":
            address = text
        elif name == "lastmod":
            changed = text
    yield from (address for _, address in sorted(found, key=lambda one: one[0], reverse=True))


def _items(markup: str) -> Iterator[str]:
    yield from (text for _, text in _fields(markup, {"link"}) if text.startswith(("http://", "https://")))


def _entries(markup: str) -> Iterator[str]:
    """Atom's links: one without a `rel` is to the page itself, unlike HTML's."""
    for piece in pieces(markup):
        if piece.kind == "start" and piece.name == "link" and piece.attribute("rel") in (None, "alternate"):
            yield piece.attribute("href") or ""


def _fields(markup: str, names: Collection[str]) -> Iterator[tuple[str, str]]:
    """Each of these elements with the first word within, empty for none."""
    field = ""
    for piece in pieces(markup):
        if piece.kind == "text" and field and (words := unescaped(piece.text[: 2 * _LONGEST]).split()):
            yield field, words[0]
            field = ""
        elif piece.kind in ("start", "end"):
            if field:
                yield field, ""
            field = piece.name if piece.kind == "start" and piece.name in names else ""
    if field:
        yield field, ""
