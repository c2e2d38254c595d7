"""How a value of the newsroom's file is checked. Every mistake names the setting and says what to write instead."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn

from chalicelib.newsroom.rules import Words

# What no page, mail or terminal shows as what it is: control characters, and marks that turn a text round.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]")
_LINES = re.compile(r"[\t\r\n]")


class NewsroomError(Exception):
    """The newsroom's file has a mistake; the sentence names the setting and what to write instead."""


def wrong(setting: str, instead: str) -> NoReturn:
    """Refuse a setting.

    :raises NewsroomError: always.
    """
    raise NewsroomError(f"In the newsroom's file, '{setting}' is wrong. Write {instead}.")


def table(raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A section; empty where it is not there."""
    value = raw.get(name, {})
    return value if isinstance(value, dict) else wrong(name, "a table of settings")


def only(raw: Mapping[str, Any], known: Iterable[str], where: str = "") -> None:
    """Nothing but these names: a misspelt one would silently not count."""
    names = sorted(known)
    for name in raw:
        if name not in names:
            wrong(f"{where}.{name}" if where else name, f"one of {', '.join(names)}")


def text(raw: Mapping[str, Any], name: str, instead: str, shape: re.Pattern[str] | None = None) -> str:
    """A text that is not empty, of this shape."""
    value = raw.get(name)
    if not isinstance(value, str) or not value.strip() or (shape and not shape.fullmatch(value)):
        wrong(name, instead)
    return value


def one_of(raw: Mapping[str, Any], name: str, choices: Sequence[str]) -> str:
    """One of these texts."""
    value = raw.get(name)
    return value if value in choices else wrong(name, f"one of {', '.join(choices)}")  # type: ignore[return-value]


def whole(value: object, setting: str, instead: str, least: int, most: int) -> int:
    """A whole number within bounds."""
    if type(value) is not int or not least <= value <= most:
        wrong(setting, instead)
    return value


def words(
    raw: Mapping[str, Any], name: str, languages: Sequence[str], *, longest: int | None = None, lines: bool = False
) -> Words:
    """The same text in every language; `lines`: it may have several."""
    value = raw.get(name)
    texts = [value.get(lang) for lang in languages] if isinstance(value, dict) else [None]
    if not all(isinstance(text, str) and text.strip() for text in texts):
        wrong(name, f"a text for each of your languages ({', '.join(languages)})")
    found = {str(lang): str(text) for lang, text in value.items()}  # type: ignore[union-attr] # a dict, as just checked
    if any(_UNSEEN.search(_LINES.sub("", text) if lines else text) for text in found.values()):
        wrong(name, "a text without control characters" + ("" if lines else ", on one line"))
    if longest and any(len(text) > longest for text in found.values()):
        wrong(name, f"at most {longest} letters: Stripe takes no more")
    return found
