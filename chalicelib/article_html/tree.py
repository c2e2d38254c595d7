"""HTML as browsers read it, however it is written: a tree of elements."""

from collections.abc import Iterator
from io import StringIO
from xml.etree.ElementTree import Element

import tinyhtml5

SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}"
# With a letter in the body, `<frameset>` can no longer take its place.
_PAGE, _MARK = "<!doctype html><body>", "."
_UNREAD = frozenset(["", "script", "style", "template", "noscript", "iframe"])
_WITHIN_A_LINE = frozenset(
    "a abbr b bdi bdo cite code data del dfn em font i ins kbd mark q s samp small span strong sub sup time u var wbr"
    .split()
)  # fmt: skip


def parsed(html: str) -> Element:
    """The body of a page that holds this fragment. Reads any text; unclosed tags and comments end with it."""
    # As a file: a short text that happens to be a file's name would be opened.
    page = tinyhtml5.parse(StringIO(_PAGE + _MARK + html), namespace_html_elements=False)
    body: Element = next(child for child in page if child.tag == "body")
    body.text = (body.text or "").removeprefix(_MARK)
    return body


def name(element: Element) -> str:
    """`p`, `{http://www.w3.org/2000/svg}path`; empty for a comment."""
    return element.tag if isinstance(element.tag, str) else ""


def text_of(root: Element) -> str:
    """What can be read in it, in one line: no scripts, styles or comments."""
    return " ".join("".join(_texts(root)).split())


def _texts(root: Element) -> Iterator[str]:
    waiting: list[Element | str] = [root]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
            continue
        edge = "" if name(one) in _WITHIN_A_LINE else " "
        if one is not root:
            waiting.append(f"{edge}{one.tail or ''}")
        if name(one) not in _UNREAD:
            waiting.extend(reversed(one))
            yield f"{edge}{one.text or ''}"
