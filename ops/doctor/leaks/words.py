"""Texts as rows of words, so that markup, quotation marks, entities, case and line breaks make no difference."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from ops.doctor.leaks.markup import pieces, unescaped

# Within a paragraph; everything else begins a new one.
_INLINE = frozenset(
    "a abbr b bdi bdo cite code data del dfn em font i ins kbd mark q s samp small span strong sub sup time u var wbr"
    .split()
)  # fmt: skip
_APOSTROPHES = re.compile("['’‘ʼ`´′]")
_STRESS = dict.fromkeys((0x300, 0x301))  # accents that a Ukrainian editor may put on a stressed vowel
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_WORD = re.compile(r"[^\W_]+")
_END = re.compile(r"(?<=[.!?…])[\s\"'»”)\]]*\s+|\n+")


def words(text: str) -> list[str]:
    """A text's words in lower case, without punctuation; an apostrophe of any kind joins."""
    plain = unicodedata.normalize("NFKD", text).translate(_STRESS)
    plain = unicodedata.normalize("NFKC", plain)
    return _WORD.findall(_APOSTROPHES.sub("", _INVISIBLE.sub("", plain)).casefold())


def row(text: str) -> str:
    """The words in one line, a blank before and after each, to search in."""
    return f" {' '.join(words(text))} "


def text_of(markup: str) -> str:
    """The text of HTML, one paragraph a line; no scripts, no comments."""
    found: list[str] = []
    for piece in pieces(markup):
        if piece.kind == "text":
            found.append(piece.text)
        elif piece.kind in ("start", "end") and piece.name not in _INLINE:
            found.append("\n")
    # Twice: many a CMS escapes what is escaped already.
    return unescaped(unescaped("".join(found)))


def sentences(markup: str) -> Iterator[list[str]]:
    """The sentences of HTML, as words."""
    for sentence in _END.split(text_of(markup)):
        if found := words(sentence):
            yield found


def phrases(page: str, lengths: Iterable[int]) -> Iterator[str]:
    """Every part of a row of words, of each of these lengths in words."""
    found = page.split()
    for length in lengths:
        yield from (" ".join(found[at : at + length]) for at in range(len(found) - length + 1))


def windows(sentence: list[str], width: int) -> Iterable[tuple[int, str]]:
    """Every `width` words in a row, with where they begin; a shorter sentence is one window."""
    if len(sentence) <= width:
        return [(0, " ".join(sentence))]
    return [(at, " ".join(sentence[at : at + width])) for at in range(len(sentence) - width + 1)]


def covered(spans: list[tuple[int, int]]) -> int:
    """How many words lie in these spans (from, to), overlapping or not."""
    total, last = 0, 0
    for begin, end in sorted(spans):
        total += max(0, end - max(begin, last))
        last = max(last, end)
    return total
