"""Takes markup apart, one piece after the other: HTML, feeds and sitemaps, however broken or hostile they are.

No tree, no recursion, no entity of the document's own; each character is looked at a bounded number of times. The
parsers at hand do not promise that: Python's looks for the end of each unclosed comment again, tinyhtml5 compares
each attribute with all before it, and a page of three megabytes takes hours.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "start", "end", "raw", "comment"]
# What stands in these is not markup, up to their own end.
_RAW = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)
    for name in ("script", "style", "textarea", "xmp", "iframe", "noembed", "noframes")
}
_NAME = re.compile(r"[A-Za-z][^\s/>]*+")
# Possessive (`*+`): what was read is never tried again in another way.
_ATTRIBUTE = re.compile(
    r"""[\s/]*+(?:(?P<end>>)|(?P<name>[^\s/>][^\s/>=]*+)"""
    r"""(?:\s*+=\s*+(?:"(?P<double>[^"]*+)(?:"|\Z)|'(?P<single>[^']*+)(?:'|\Z)|(?P<bare>[^\s>]*+)))?)"""
)
# Python refuses to read a number of thousands of digits.
_NO_CHARACTER = re.compile(r"&#(?:[0-9]{10,}+|[xX][0-9a-fA-F]{10,}+);?")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of markup: `name` is an element's, lower case; `text` is as written, `attributes` are unescaped."""

    kind: Kind
    name: str = ""
    text: str = ""
    attributes: tuple[tuple[str, str], ...] = ()

    def attribute(self, name: str) -> str | None:
        """The value of the first attribute of this name."""
        return next((value for key, value in self.attributes if key == name), None)


def unescaped(text: str) -> str:
    """Text with its character references resolved."""
    return html.unescape(_NO_CHARACTER.sub("\ufffd", text))


def opened(markup: str) -> str:
    """The markup without the marks of CDATA sections: their content is read like all else."""
    return markup.replace("<![CDATA[", "").replace("]]>", "")


def pieces(markup: str) -> Iterator[Piece]:
    """All pieces of a markup, in order. One that is left open reaches to the end."""
    at = 0
    while at < len(markup):
        begin = markup.find("<", at)
        if begin < 0:
            begin = len(markup)
        if begin > at:
            yield Piece("text", text=markup[at:begin])
        if begin == len(markup):
            return
        piece, at = _piece(markup, begin)
        yield piece
        if piece.kind == "start" and piece.name in _RAW:
            found = _RAW[piece.name].search(markup, at)
            end = found.start() if found else len(markup)
            yield Piece("raw", piece.name, markup[at:end])
            at = end


def _piece(markup: str, begin: int) -> tuple[Piece, int]:
    """The tag or comment that begins here, and where it ends; a lone `<` is text."""
    if markup.startswith("<!--", begin):
        text, at = _until(markup, begin + 4, "-->")
        return Piece("comment", text=text), at
    if markup.startswith(("<!", "<?"), begin):
        text, at = _until(markup, begin + 2, ">")
        return Piece("comment", text=text), at
    closes = markup.startswith("</", begin)
    named = _NAME.match(markup, begin + (2 if closes else 1))
    if not named:
        return Piece("text", text="<"), begin + 1
    name = named[0].lower()
    if closes:
        return Piece("end", name), _until(markup, named.end(), ">")[1]
    attributes, at = _attributes(markup, named.end())
    return Piece("start", name, attributes=attributes), at


def _attributes(markup: str, at: int) -> tuple[tuple[tuple[str, str], ...], int]:
    kept: list[tuple[str, str]] = []
    while found := _ATTRIBUTE.match(markup, at):
        at = found.end()
        if found["end"]:
            return tuple(kept), at
        if value := found["double"] or found["single"] or found["bare"] or "":
            kept.append((found["name"].lower(), unescaped(value)))
    return tuple(kept), len(markup)


def _until(markup: str, at: int, mark: str) -> tuple[str, int]:
    end = markup.find(mark, at)
    return (markup[at:], len(markup)) if end < 0 else (markup[at:end], end + len(mark))
