"""Checks that several settings of the newsroom's file share: texts, choices, whole numbers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from chalicelib.kernel import money
from chalicelib.newsroom.checks import held, wrong
from chalicelib.newsroom.rules import Words

# Characters that pages, mails and terminals do not show as such: controls, and marks of the direction of writing.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]")
_LINES = re.compile(r"[\t\r\n]")
PICTURE = r"^https://[A-Za-z0-9.-]+(:[0-9]+)?/[!#$&-;=?-\[\]_a-z~%]+$"  # the whole address of a picture
NOTHING: Any = Field(default={}, validate_default=True)  # so that what is missing within is reported by its own name


@dataclass
class SettingsSoFar:
    """The settings that were read so far, in the order of `_File`: later ones are checked against them."""

    languages: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    currencies: tuple[str, ...] = ()
    minimum: int = 1  # these two of the currency that is being read
    maximum: int = money.LARGEST

    @property
    def currency(self) -> str:
        """The currency whose section is being read."""
        return self.currencies[-1]

    @property
    def step(self) -> int:
        """The smallest step of amounts in this currency, in minor units."""
        return money.smallest_step(self.currency)


def words(value: Any, said: SettingsSoFar, *below: str, longest: int | None = None, lines: bool = False) -> Words:
    """Check a text in each of the newsroom's languages. `longest`: in characters; `lines`: several are allowed."""
    texts = [value.get(lang) for lang in said.languages] if isinstance(value, dict) else [None]
    if not all(isinstance(text, str) and text.strip() for text in texts):
        raise wrong(f"a text for each of your languages ({', '.join(said.languages)})", *below, alone=True)
    found = {str(lang): str(text) for lang, text in value.items()}
    if any(_UNSEEN.search(_LINES.sub("", text) if lines else text) for text in found.values()):
        raise wrong("a text without control characters" + ("" if lines else ", on one line"), *below, alone=True)
    if longest and any(len(text) > longest for text in found.values()):
        raise wrong(f"at most {longest} letters: Stripe takes no more", *below, alone=True)
    return found


def one_of(value: Any, choices: Sequence[str]) -> str:
    """Check that a value is one of these texts."""
    if value not in choices:
        raise wrong(f"one of {', '.join(choices)}", alone=True)
    return str(value)


def whole(value: Any, least: int, most: int, instead: str, *below: str) -> int:
    """Check a whole number within bounds, both included."""
    if type(value) is not int or not least <= value <= most:
        raise wrong(instead, *below)
    return value


Line = Annotated[Words, held(words)]
