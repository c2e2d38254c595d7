"""What other sites show within an article: in a frame if the newsroom lists them, else as a link to the same."""

import re
from collections.abc import Collection
from typing import NamedTuple
from urllib.parse import parse_qs, quote, urlsplit
from xml.etree.ElementTree import Element

from chalicelib.article_html.addresses import host_of, resolved
from chalicelib.article_html.tree import name, text_of
from chalicelib.newsroom import frames

LAZY = ("data-src", "data-lazy-src", "data-litespeed-src", "data-original")
# An empty element that a script fills: by its class, where its address stands and how it begins.
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
# Scripts that show nothing of their own: they dress up a quotation beside them, count, or advertise.
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
    """A frame that is shown. `shape` is the class of its proportions; empty where it has a height of its own."""

    src: str
    title: str
    shape: str
    height: str


class Instead(NamedTuple):
    """A link in the place of what is not shown; without `href`, to the article on the newsroom's site."""

    href: str | None


def of_frame(element: Element, base: str, listed: Collection[str]) -> Frame | Instead:
    """An `<iframe>`, also one that waits for a script to load it."""
    address = next((found for at in (*LAZY, "src") if (found := resolved(element.get(at) or "", base))), None)
    if address is None:
        return Instead(None)  # about:blank, javascript: or srcdoc: only the site's own page can fill it
    if not frames.allowed(host_of(address), listed):
        return Instead(address)
    shape, height = _shape(element)
    return Frame(_secure(address), (element.get("title") or "").strip(), shape, height)


def of_script(element: Element, base: str) -> Instead | None:
    """A `<script>` from elsewhere that shows something where it stands; None for one that is not missed."""
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
    """An element that waits for a script to fill it; None for every other."""
    for one in (element.get("class") or "").split():
        if one in _FILLED:
            attribute, pattern = _FILLED[one]
            value = element.get(attribute) or ""
            address = pattern.format(quote(value, safe="/")) if pattern and value else value
            whole = resolved(address, base)
            return None if text_of(element) else Instead(whole)
    return None


def of_object(element: Element, base: str) -> Instead | None:
    """An `<object>` or `<embed>`: a document, or a player of long ago."""
    address = resolved(element.get("data") or element.get("src") or "", base)
    return Instead(address) if address else None


def player(address: str) -> str | None:
    """The frame that plays what this page shows, for the two that editors paste as bare addresses."""
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
    """The address that stands alone in WordPress's wrapper of an embed that has not been rendered."""
    if name(element) != "div" or "wp-block-embed__wrapper" not in (element.get("class") or "").split():
        return None
    text = (element.text or "").strip()
    return text if not len(element) and text.startswith(("https://", "http://")) and " " not in text else None


def _secure(address: str) -> str:
    """Over https, as our policy names the hosts; each of them speaks it."""
    return f"https:{address.partition(':')[2]}"


def _shape(element: Element) -> tuple[str, str]:
    """A video's proportions from its width and height; what has a height only, or is no video, keeps its height."""
    width, height = (_pixels(element.get(side)) for side in ("width", "height"))
    ratio = width / height if width and height else None
    if ratio and _SLIMMEST <= ratio <= _FLATTEST:
        across, down = min(_SHAPES, key=lambda shape: abs(shape[0] / shape[1] - ratio))
        return f"frame-{across}-{down}", ""
    return ("", str(min(height, _TALLEST))) if height else ("frame-16-9", "")


def _pixels(length: str | None) -> int:
    found = _DIGITS.fullmatch((length or "").strip())
    return int(found[1]) if found else 0
