"""Parse HTML as browsers do, however it is written, into a tree of elements."""

import re
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from xml.etree.ElementTree import Element

import tinyhtml5

SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}"
# With a character in the body, `<frameset>` can no longer replace it.
_PAGE, _MARK = "<!doctype html><body>", "."
_UNREAD = frozenset(["", "script", "style", "template", "noscript", "iframe"])
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)(?:\s[^<>]*)?>")
_DEEPEST = dict.fromkeys("b big code em font i nobr s small strike strong tt u".split(), 50)
_ENDS_ITSELF = frozenset("a br col dd dt hr img input li link meta option p source td th tr wbr".split())
_WITHIN_A_LINE = frozenset(
    "a abbr b bdi bdo cite code data del dfn em font i ins kbd mark q s samp small span strong sub sup time u var wbr"
    .split()
)  # fmt: skip


def parsed(html: str) -> Element:
    """Parse a fragment, and answer the body of a page that holds it. Any text can be parsed; all tags are closed."""
    # As a file object: the parser would open a file if a short text happened to be its name.
    page = tinyhtml5.parse(StringIO(_PAGE + _MARK + _shallow(html)), namespace_html_elements=False)
    body: Element = next(child for child in page if child.tag == "body")
    body.text = (body.text or "").removeprefix(_MARK)
    return body


def _shallow(html: str) -> str:
    """Remove tags that are left open hundreds of times.

    They have no meaning, and by the rules of HTML each next paragraph opens all of them again: two thousand would
    take minutes. Browsers, too, stop nesting at 512.
    """
    depths, deepest = Counter[str](), Counter[str]()
    for found in _TAG.finditer(html):
        tag = found[2].lower()
        depths[tag] = max(0, depths[tag] - 1) if found[1] else depths[tag] + 1
        deepest[tag] = max(deepest[tag], depths[tag])
    left_open = {tag for tag, depth in deepest.items() if depth > _DEEPEST.get(tag, 500) and tag not in _ENDS_ITSELF}
    return _TAG.sub(lambda found: "" if found[2].lower() in left_open else found[0], html) if left_open else html


def name(element: Element) -> str:
    """An element's name: `p`, `{http://www.w3.org/2000/svg}path`; empty for a comment."""
    return element.tag if isinstance(element.tag, str) else ""


def text_of(root: Element) -> str:
    """The visible text of an element, in one line: without scripts, styles and comments."""
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
