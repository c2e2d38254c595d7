"""Markdown as HTML: CommonMark with tables, strikethrough, footnotes, definition lists and ids of headings.

What a site's generator makes of the same file looks the same; where they differ, and why it is so: decision 0094.
"""

import re
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.anchors import anchors_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

_LOWEST = 6  # h6
_OWN_ID = re.compile(r"\s*\{:?\s*#([^\s{}]+)\s*\}\s*$")


def rendered(text: str) -> str:
    """A text without a divider."""
    reader, env = _reader(), dict[str, Any]()
    return str(reader.renderer.render(reader.parse(text, env), reader.options, env))


def cut(text: str, divider: re.Pattern[str]) -> tuple[str, str, str] | None:
    """The teaser, what follows it but footnotes, and the whole text.

    The text is read as a whole and then cut, so that a link in the teaser finds its address below the divider.

    :param divider: what the line is that divides.
    :return: None where that is part of something else, of code or of a longer piece of HTML.
    """
    reader, env = _reader(), dict[str, Any]()
    tokens = reader.parse(text, env)
    at = next((at for at, token in enumerate(tokens) if _divides(token, divider)), None)
    if at is None:
        return None
    before, after, notes = (str(reader.renderer.render(part, reader.options, env)) for part in _parts(tokens, at))
    above = "\n".join(text.split("\n")[: (tokens[at].map or [0])[0]])
    teaser = str(reader.renderer.render(_of_above(tokens[:at], above), reader.options, env))
    return teaser, after, before + after + notes


def _parts(tokens: list[Token], at: int) -> tuple[list[Token], list[Token], list[Token]]:
    """What stands above the divider, what follows it, and the footnotes of both."""
    notes = next((at for at, token in enumerate(tokens) if token.type == "footnote_block_open"), len(tokens))
    return tokens[:at], tokens[at + 1 : notes], tokens[notes:]


def _divides(token: Token, divider: re.Pattern[str]) -> bool:
    return token.type == "html_block" and bool(divider.fullmatch(token.content.strip("\n")))


def _of_above(tokens: list[Token], above: str) -> list[Token]:
    """The teaser's blocks with nothing that is written below it: no marks of footnotes, no words of a link's address.

    The address itself, `[тут]: https://…`, may stand below, as the link would be none without it.
    """
    for token in tokens:
        token.children = [child for child in token.children or () if child.type != "footnote_ref"]
        for child in token.children:
            if str(child.attrs.get("title", "")) not in above:
                del child.attrs["title"]
    return tokens


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    reader.use(footnote_plugin).use(deflist_plugin)
    reader.core.ruler.push("heading_id", _heading_id)
    return reader.use(anchors_plugin, max_level=_LOWEST)


def _heading_id(state: StateCore) -> None:
    """`## Міст {#bridge}`, as Hugo, Jekyll and Pelican read it: an id of the heading's own."""
    for opening, inline in zip(state.tokens, state.tokens[1:], strict=False):
        last = inline.children[-1] if opening.type == "heading_open" and inline.children else None
        found = _OWN_ID.search(last.content) if last is not None and last.type == "text" else None
        if last is not None and found:
            last.content = last.content[: found.start()]
            opening.attrSet("id", found[1])
