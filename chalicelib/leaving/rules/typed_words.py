"""Words that a stranger typed, as they may stand in a row, a mail and a page: nothing in them acts or hides."""

import unicodedata

# The two joiners: words of some scripts need them.
_JOINERS = "\u200c\u200d"
# Controls, invisible formatting (marks that reverse the direction), halves of characters, line and paragraph marks.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def as_line(typed: str) -> str:
    """The text in one line, without what nobody sees."""
    return " ".join(_seen(typed.replace("\u2028", " ").replace("\u2029", " ")).split())


def as_text(typed: str) -> str:
    """The text with its line breaks, without what nobody sees, and without empty space around it."""
    lines = (
        typed.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n").split("\n")
    )
    return "\n".join(_seen(line).rstrip() for line in lines).strip()


def _seen(text: str) -> str:
    return "".join(
        " " if character.isspace() else character
        for character in text
        if character.isspace() or character in _JOINERS or unicodedata.category(character) not in _UNSEEN
    )
