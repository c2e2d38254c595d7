"""Everything that a stranger, a search engine or a script can read out of one answer, whatever its format."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from bs4.element import PreformattedString, Tag

from ops.doctor.leaks.words import parsed, row, text_of

_DEEPEST = 4  # HTML in JSON in a script in a page, and one more
_LONG_ENOUGH = 30  # characters of an attribute or a JSON text that may hold a sentence
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
# Text in JSON in a script is escaped twice.
_ESCAPED = re.compile(r"\\+u([0-9a-fA-F]{4})")
_ESCAPED_SIGN = re.compile(r"\\+([nrt/\"'])")


def readings(body: str) -> Iterator[str]:
    """Rows of words: of the text, of attributes, comments, scripts, templates and JSON values, each on its own."""
    yield from (row(text) for text in _texts(body, _DEEPEST))


def _texts(body: str, depth: int) -> Iterator[str]:
    if depth == 0 or not body.strip():
        return
    if (told := _json(body)) is not None:
        # One after the other as well: a script may hold a text cut into pieces.
        values = [text for text in _strings(told) if text.strip()]
        yield " ".join(text_of(text) if "<" in text else text for text in values)
        for text in values:
            if len(text) >= _LONG_ENOUGH and ("<" in text or "&" in text):
                yield from _texts(text, depth - 1)
        return
    opened = _CDATA.sub(lambda match: match[1], body)
    soup = parsed(opened)
    yield text_of(opened)
    yield from _hidden(soup, depth)
    # A feed's HTML is escaped text within its XML.
    if (unescaped := html.unescape(opened)) != opened:
        yield text_of(unescaped)


def _hidden(soup: Tag, depth: int) -> Iterator[str]:
    """What is in the page but not on the screen."""
    for tag in soup.find_all(name=True):
        assert isinstance(tag, Tag)
        for value in tag.attrs.values():
            text = value if isinstance(value, str) else " ".join(value)
            if len(text) >= _LONG_ENOUGH and " " in text:
                yield from _texts(text, depth - 1)
        if tag.name in ("script", "template", "noscript", "textarea", "style"):
            yield from _texts(_script(tag.string or tag.get_text()), depth - 1)
    for comment in soup.find_all(string=lambda text: isinstance(text, PreformattedString)):
        yield from _texts(str(comment), depth - 1)


def _script(text: str) -> str:
    """A script's strings as they read once it runs: letters by number, slashes and line breaks resolved."""
    if _json(text) is not None:
        return text
    plain = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return _ESCAPED_SIGN.sub(lambda match: "\n" if match[1] in "nrt" else match[1], plain)


def _json(text: str) -> Any:
    if text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)
