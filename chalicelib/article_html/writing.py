"""Serialise a tree of elements to HTML that every browser parses to the same tree."""

from collections.abc import Callable, Mapping
from typing import NamedTuple
from xml.etree.ElementTree import Element

from chalicelib.article_html.tree import name

VOID = frozenset("br col hr img source track wbr".split())
# Elements whose children are only parts of them (rows, items): a browser may move others, as before a table.
_ONLY_PARTS = frozenset("table tbody thead tfoot tr colgroup ul ol dl picture video audio".split())


class Around(NamedTuple):
    """The context of an element: within a link, a drawing, a table or a `<noscript>`, or where only parts may stand.

    `fallback`: a `<noscript>`; `only_parts`: see `_ONLY_PARTS`.
    """

    link: bool = False
    drawing: bool = False
    table: bool = False
    fallback: bool = False
    only_parts: bool = False

    def within(self, tag: str) -> "Around":
        """The context of the children of an element of this name."""
        return self._replace(
            link=self.link or tag == "a", table=self.table or tag == "table", only_parts=tag in _ONLY_PARTS
        )


class Piece(NamedTuple):
    """What is written for one element: before and after its content.

    `inside`: the context of its children; None: none of its content is written. `words`: its own text is written too.
    """

    before: str = ""
    after: str = ""
    inside: Around | None = None
    words: bool = True


class Before(NamedTuple):
    """The sibling that was written just before, if only space is between; else without an element."""

    element: Element | None = None
    piece: Piece = Piece()


Rule = Callable[[Element, Around, Before], Piece]


class _Level:
    """An element whose children are being written."""

    def __init__(self, element: Element, after: str, around: Around) -> None:
        self.children = iter(element)
        self.after = after
        self.around = around
        self.before = Before()


def written(root: Element, rule: Rule) -> str:
    """Write the content of an element, by a rule for each element in it.

    Without recursion, as old pages nest thousands deep.
    """
    out = [escaped(root.text)]
    levels = [_Level(root, "", Around())]
    while levels:
        level = levels[-1]
        child = next(level.children, None)
        if child is None:
            out.append(level.after)
            levels.pop()
            continue
        piece = rule(child, level.around, level.before)
        tail = escaped(child.tail)
        level.before = Before() if tail.strip() else Before(child, piece)
        out.append(piece.before)
        if piece.inside is None:
            out += (piece.after, tail)
            continue
        if piece.words:
            # Parsers drop the first line break after <pre>: where the text begins with one, it is written twice.
            again = piece.before.startswith("<pre") and (child.text or "").startswith("\n")
            out.append("\n" * again + escaped(child.text))
        levels.append(_Level(child, piece.after + tail, piece.inside))
    return "".join(out)


def as_it_is(element: Element, around: Around, before: Before) -> Piece:
    """The rule for HTML that is sanitised already: write every element as it is."""
    del before
    tag = name(element).rpartition("}")[2]
    if tag in VOID:
        return Piece(opening(tag, element.attrib))
    return Piece(opening(tag, element.attrib), f"</{tag}>", around)


def opening(tag: str, attributes: Mapping[str, str]) -> str:
    """The opening tag of an element: `<a href="…">`."""
    told = "".join(f' {key}="{escaped(value, quotes=True)}"' for key, value in attributes.items())
    return f"<{tag}{told}>"


def escaped(text: str | None, *, quotes: bool = False) -> str:
    """Escape text for HTML; `quotes`: for the value of an attribute."""
    plain = (text or "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\xa0", "&nbsp;")
    return plain.replace('"', "&quot;") if quotes else plain
