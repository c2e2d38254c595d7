"""Embeds of other sites in an article: a frame if the newsroom lists the host, else a link to the same."""

import re
from collections.abc import Collection
from typing import NamedTuple
from urllib.parse import parse_qs, quote, urlsplit
from xml.etree.ElementTree import Element

from chalicelib.article_html.addresses import host_of, resolved
from chalicelib.article_html.tree import name, text_of
from chalicelib.newsroom import frames

LAZY = ("data-src", "data-lazy-src", "data-litespeed-src", "data-original")
# Empty elements that a script fills, by their class: the attribute with the address, and its pattern (empty: the
# attribute is the whole address).
_FILLED = {
    "fb-post": ("data-href", ""),
    "fb-video": ("data-href", ""),
    "fb-page": ("data-href", ""),
    "flourish-embed": ("data-src", "https://flo.uri.sh/{}/embed"),
    "infogram-embed": ("data-id", "https://infogram.com/{}"),
    "instagram-media": ("data-instgrm-permalink", ""),
    "tiktok-embed": ("cite", ""),
    "twitter-timeline": ("href", ""),
    "typeform-widget": ("data-url", ""),
    "tradingview-widget-container": ("data-href", ""),
}
_TELEGRAM = re.compile(r"[A-Za-z0-9_]{1,64}(?:/\d{1,12}){1,2}")
_GIST = re.compile(r"(https://gist\.github\.com/[\w.-]+/[0-9a-f]+)\.js")
_DATAWRAPPER = re.compile(r"(https://datawrapper\.dwcdn\.net/\w+)/embed\.js")
# Hosts of scripts that show nothing of their own: they style a quotation beside them, count, or advertise.
_SILENT = re.compile(
    r"(?:^|\.)(?:platform\.twitter\.com|platform\.x\.com|instagram\.com|tiktok\.com|facebook\.net|facebook\.com"
    r"|embed\.redditmedia\.com|embed\.bsky\.app|threads\.net|threads\.com|googletagmanager\.com|google-analytics\.com"
    r"|googlesyndication\.com|doubleclick\.net|googletagservices\.com|criteo\.com|hotjar\.com|gravatar\.com|wp\.com"
    r"|w\.org|infogram\.com|public\.flourish\.studio|cdn\.ampproject\.org|code\.jquery\.com|cdnjs\.cloudflare\.com"
    r"|cdn\.jsdelivr\.net|unpkg\.com)$"
)
_SHAPES = ((16, 9), (4, 3), (1, 1), (9, 16))
_FLATTEST, _SLIMMEST, _TALLEST = 2.4, 0.5, 4000  # beyond these it is no video but a player or a chart
_DIGITS = re.compile(r"([1-9][0-9]{0,4})(?:\.[0-9]+)?(?:px)?")


class Frame(NamedTuple):
    """A frame that is shown. `shape`: the class of its aspect ratio; empty if it has its own `height` (pixels)."""

    src: str
    title: str
    shape: str
    height: str


class Instead(NamedTuple):
    """A link in the place of an embed that is not shown; without `href`, to the article on the newsroom's site."""

    href: str | None


def of_frame(element: Element, base: str, listed: Collection[str]) -> Frame | Instead:
    """The frame of an `<iframe>`, lazily loaded ones included; a link if its host is not listed."""
    address = next((found for at in (*LAZY, "src") if (found := resolved(element.get(at) or "", base))), None)
    if address is None:
        return Instead(None)  # about:blank, javascript: or srcdoc: only the newsroom's own page can fill it
    if not frames.allowed(host_of(address), listed):
        return Instead(address)
    shape, height = _shape(element)
    return Frame(_secure(address), (element.get("title") or "").strip(), shape, height)


def of_script(element: Element, base: str) -> Instead | None:
    """The link for a `<script>` of another site that shows something where it stands; None for any other script."""
    if (post := element.get("data-telegram-post")) is not None and _TELEGRAM.fullmatch(post):
        return Instead(f"https://t.me/{post}")
    address = resolved(element.get("src") or "", base)
    if address is None or _SILENT.search(host_of(address)) or host_of(address) == host_of(base):
        return None
    for known in (_GIST, _DATAWRAPPER):
        if found := known.match(address):
            return Instead(found[1])
    return Instead(None)


def of_empty(element: Element, base: str) -> Instead | None:
    """The link for an empty element that a script would fill; None for every other element."""
    for one in (element.get("class") or "").split():
        if one in _FILLED:
            attribute, pattern = _FILLED[one]
            value = element.get(attribute) or ""
            address = pattern.format(quote(value, safe="/")) if pattern and value else value
            whole = resolved(address, base)
            return None if text_of(element) else Instead(whole)
    return None


def of_object(element: Element, base: str) -> Instead | None:
    """The link for an `<object>` or `<embed>`, a document or an old player; None without an address."""
    address = resolved(element.get("data") or element.get("src") or "", base)
    return Instead(address) if address else None


def player(address: str) -> str | None:
    """The player's address for a video page of YouTube or Vimeo, which editors paste as bare addresses; else None."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return None
    host, path = (parts.hostname or "").removeprefix("www.").removeprefix("m."), parts.path.strip("/")
    if host == "youtu.be":
        return _youtube(path)
    if host == "youtube.com" and path == "watch":
        return _youtube("".join(parse_qs(parts.query).get("v", [])[:1]))
    if host == "youtube.com" and path.startswith(("shorts/", "live/")):
        return _youtube(path.partition("/")[2])
    if host == "vimeo.com" and path.isdecimal() and path.isascii():
        return f"https://player.vimeo.com/video/{path}"
    return None


def _youtube(video: str) -> str | None:
    return f"https://www.youtube.com/embed/{video}" if re.fullmatch(r"[\w-]{6,20}", video, re.ASCII) else None


def is_bare(element: Element) -> str | None:
    """The bare address in WordPress's wrapper of an embed that was not rendered; None for every other element."""
    if name(element) != "div" or "wp-block-embed__wrapper" not in (element.get("class") or "").split():
        return None
    text = (element.text or "").strip()
    return text if not len(element) and text.startswith(("https://", "http://")) and " " not in text else None


def _secure(address: str) -> str:
    """The address over https, as our policy allows these hosts; all of them support it."""
    return f"https:{address.partition(':')[2]}"


def _shape(element: Element) -> tuple[str, str]:
    """The class of a video's aspect ratio, or the height in pixels of what has no width or is no video.

    Exactly one of the two is not empty; without a height the ratio is 16 to 9.
    """
    width, height = (_pixels(element.get(side)) for side in ("width", "height"))
    ratio = width / height if width and height else None
    if ratio and _SLIMMEST <= ratio <= _FLATTEST:
        across, down = min(_SHAPES, key=lambda shape: abs(shape[0] / shape[1] - ratio))
        return f"frame-{across}-{down}", ""
    return ("", str(min(height, _TALLEST))) if height else ("frame-16-9", "")


def _pixels(length: str | None) -> int:
    found = _DIGITS.fullmatch((length or "").strip())
    return int(found[1]) if found else 0
