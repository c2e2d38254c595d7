"""The line `<!--more-->`: what stands above it everybody reads, and what follows is for those who may read the whole.

There is no other way to say where a gated text is cut, and none is guessed. Whatever leaves a doubt about it is
refused, because a cut in the wrong place makes a text public without a word.
"""

import re
from html import unescape
from typing import NamedTuple

from chalicelib import article_html
from chalicelib.article_html.unclosed import unclosed
from ops.articles.refusal import FileRefused

_ANYWHERE = re.compile(r"<!--\s*more\s*-->", re.IGNORECASE)
_IN_MARKDOWN = re.compile(r" {0,3}<!--[ \t]*more[ \t]*-->[ \t]*", re.IGNORECASE)
_IN_HTML = re.compile(r"[ \t]*<!--[ \t]*more[ \t]*-->[ \t]*", re.IGNORECASE)
# An editor for writing has made other signs of it, or somebody mistyped it.
_ALMOST = re.compile(r"(?:<|&lt;)\s*[!\s]*[-\u2010-\u2015]+\s*more\b", re.IGNORECASE)
_IN_A_TAG = re.compile(r"<[A-Za-z/!?][^<>]*$")
_PARAGRAPH = re.compile(r"<(/?)p(?=[\s>])", re.IGNORECASE)
_UNSEEN = re.compile(r"<!--.*?-->|<(script|style|template)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_NO_WORDS = article_html.Words("", "", "")


class Divided(NamedTuple):
    """A text as HTML: what stands above the divider, what follows it, and the whole. Without one, only the whole."""

    teaser: str
    rest: str
    whole: str


def divided(text: str, *, markdown: bool, gated: bool, line: int) -> Divided:
    """The text cut at its divider, which a text that is open to all need not have.

    :param line: the text's first line, counted in its file.
    :raises FileRefused: the divider is missing, there twice, or inside of something; or nothing stands on one of its
        sides.
    """
    found = list(_ANYWHERE.finditer(text))
    if not found and gated:
        raise FileRefused(f"There is no line <!--more-->, so that nobody can say what is gated.{_hint(text)}")
    if len(found) > 1:
        lines = ", ".join(str(_line_of(text, one.start(), line)) for one in found)
        raise FileRefused(f"The divider <!--more--> stands there {len(found)} times, in the lines {lines}.")
    if not found:
        return Divided("", "", _as_html(text, markdown=markdown))
    where = _line_of(text, found[0].start(), line)
    one_line = _IN_MARKDOWN if markdown else _IN_HTML
    if not one_line.fullmatch(text.split("\n")[where - line]):
        raise FileRefused("The divider <!--more--> does not stand alone on a line, at its beginning.", where)
    below = text[found[0].end() :]
    cut = _cut_markdown(text) if markdown else _cut_html(text[: found[0].start()], below)
    if cut is None or _left_open(cut):
        raise FileRefused(
            f"The divider <!--more--> stands inside of a list, a quotation, code, a comment or {_tags(cut)}. "
            "Put it between two paragraphs, with an empty line before and after it.",
            where,
        )
    if not shows(cut.teaser):
        raise FileRefused(
            "Nothing stands above the divider: readers would see an appeal and no reason to give.", where
        )
    if not below.strip() or not shows(cut.rest):
        raise FileRefused("Nothing follows the divider: everybody would read the whole text.", where)
    return cut


def _hint(text: str) -> str:
    return " Is `&lt;!--more--&gt;` or a long dash in its place?" if _ALMOST.search(text) else ""


def _as_html(text: str, *, markdown: bool) -> str:
    if not markdown:
        return text
    from ops.articles.markdown import rendered

    return rendered(text)


def _cut_markdown(text: str) -> Divided | None:
    from ops.articles.markdown import cut

    found = cut(text, _IN_MARKDOWN)
    return None if found is None else Divided(*found)


def _cut_html(above: str, below: str) -> Divided:
    teaser, rest = above.rstrip() + "\n", below.lstrip()
    return Divided(teaser, rest, teaser + rest)


def _left_open(cut: Divided) -> bool:
    """Whether the teaser ends inside of an element, of which HTML lets a paragraph's end be left out."""
    if unclosed(cut.teaser) or _IN_A_TAG.search(_UNSEEN.sub("", cut.teaser)):
        return True
    before, after = list(_PARAGRAPH.finditer(cut.teaser)), _PARAGRAPH.search(cut.rest)
    return bool(before and not before[-1][1] and after and after[1])


def _tags(cut: Divided | None) -> str:
    names = ", ".join(unclosed(cut.teaser)) if cut else ""
    return f"an element ({names})" if names else "an element"


def shows(html: str) -> bool:
    """Whether a reader sees anything of it, words or a picture."""
    words = unescape(_TAG.sub(" ", _UNSEEN.sub(" ", html)))
    if any(
        letter.isalnum() for letter in words
    ):  # all but one in a thousand: reading it as a browser takes far longer
        return True
    return article_html.shown(html, url="https://news.example/", frames=(), words=_NO_WORDS).shows


def _line_of(text: str, at: int, first: int) -> int:
    return first + text.count("\n", 0, at)
