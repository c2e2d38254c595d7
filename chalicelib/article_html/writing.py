"""A tree of elements as HTML that every browser reads as this very tree."""

from collections.abc import Callable, Mapping
from typing import NamedTuple
from xml.etree.ElementTree import Element

from chalicelib.article_html.tree import name

VOID = frozenset("br col hr img source track wbr".split())
# Here a browser puts nothing but parts of the same: anything else would land before the table.
_ONLY_PARTS = frozenset("table tbody thead tfoot tr colgroup ul ol dl picture video audio".split())


class Around(NamedTuple):
    """Where something stands: within a link, a drawing, a table, a `<noscript>`; or where only parts may stand."""

    link: bool = False
    drawing: bool = False
    table: bool = False
    fallback: bool = False
    only_parts: bool = False

    def within(self, tag: str) -> "Around":
        """Where the children of an element of this name stand."""
        return self._replace(
            link=self.link or tag == "a", table=self.table or tag == "table", only_parts=tag in _ONLY_PARTS
        )


class Piece(NamedTuple):
    """What is written for one element. `inside` None: nothing of what is in it. `words`: its own text, too."""

    before: str = ""
    after: str = ""
    inside: Around | None = None
    words: bool = True


class Before(NamedTuple):
    """What was written just before, with nothing but space after it."""

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
    """What is in this element, by a rule for each element. Without recursion: old pages nest thousands deep."""
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
            # The first line break after <pre> is not part of its text: where there is one, it takes another.
            again = piece.before.startswith("<pre") and (child.text or "").startswith("\n")
            out.append("\n" * again + escaped(child.text))
        levels.append(_Level(child, piece.after + tail, piece.inside))
    return "".join(out)


def as_it_is(element: Element, around: Around, before: Before) -> Piece:
    """The rule for what has been cleaned already."""
    del before
    tag = name(element).rpartition("}")[2]
    if tag in VOID:
        return Piece(opening(tag, element.attrib))
    return Piece(opening(tag, element.attrib), f"</{tag}>", around)


def opening(tag: str, attributes: Mapping[str, str]) -> str:
    """`<a href="…">`."""
    told = "".join(f' {key}="{escaped(value, quotes=True)}"' for key, value in attributes.items())
    return f"<{tag}{told}>"


def escaped(text: str | None, *, quotes: bool = False) -> str:
    """Text as HTML."""
    plain = (text or "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\xa0", "&nbsp;")
    return plain.replace('"', "&quot;") if quotes else plain
