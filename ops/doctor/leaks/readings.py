"""All texts that a stranger, a search engine or a script can read in one answer, whatever its format."""

import json
import re
from collections.abc import Iterator
from typing import Any

from ops.doctor.leaks.markup import opened, pieces, unescaped
from ops.doctor.leaks.words import row, text_of

_DEEPEST = 4  # HTML in JSON in a script in a page, and one more
_LONG_ENOUGH = 30  # characters of an attribute or a JSON text that may hold a sentence
_JSON_BEGINS = ("{", "[")
# Text in JSON in a script is escaped twice. From the first backslash of a row only, or a long row takes for ever.
_ESCAPED = re.compile(r"(?<!\\)\\++u([0-9a-fA-F]{4})")
_ESCAPED_SIGN = re.compile(r"(?<!\\)\\++([nrt/\"'])")


def readings(body: str) -> Iterator[str]:
    """Rows of words: of the text, of attributes, comments, scripts, templates and JSON values, each on its own."""
    yield from (row(text) for text in _texts(body, _DEEPEST))


def _texts(body: str, depth: int) -> Iterator[str]:
    if depth == 0 or not body.strip():
        return
    if (told := _json(body)) is not None:
        # Also joined: a script may hold a text cut into pieces.
        values = [text for text in _strings(told) if text.strip()]
        yield " ".join(text_of(text) if "<" in text else text for text in values)
        for text in values:
            if len(text) >= _LONG_ENOUGH and ("<" in text or "&" in text):
                yield from _texts(text, depth - 1)
        return
    plain = opened(body)
    # A script, or JSON that is cut off or nested too deeply for the parser.
    if plain.lstrip()[:1] in _JSON_BEGINS or ("\\" in plain and plain.lstrip()[:1] != "<"):
        yield text_of(_script(plain))
    yield text_of(plain)
    yield from _hidden(plain, depth)
    # A feed's HTML is escaped text within its XML.
    if (markup := unescaped(plain)) != plain:
        yield text_of(markup)


def _hidden(markup: str, depth: int) -> Iterator[str]:
    """What is in the page but not on the screen."""
    for piece in pieces(markup):
        if piece.kind == "raw":
            yield from _texts(_script(piece.text), depth - 1)
        elif piece.kind == "comment":
            yield from _texts(piece.text, depth - 1)
        for _, text in piece.attributes:
            if len(text) >= _LONG_ENOUGH and " " in text:
                yield from _texts(text, depth - 1)


def _script(text: str) -> str:
    """A script's strings as they read once it runs: letters by number, slashes and line breaks resolved."""
    return text if _json(text) is not None else as_run(text)


def as_run(text: str) -> str:
    """A text with letters by number, slashes, quotes and line breaks as a script resolves them."""
    plain = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return _ESCAPED_SIGN.sub(lambda match: "\n" if match[1] in "nrt" else match[1], plain)


def _json(text: str) -> Any:
    if text.lstrip()[:1] not in _JSON_BEGINS:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _strings(value: Any) -> Iterator[str]:
    """All strings in a JSON value, in order; without recursion, as JSON may nest deeper than Python's calls."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            waiting.extend(reversed(one.values()))
        elif isinstance(one, list):
            waiting.extend(reversed(one))
