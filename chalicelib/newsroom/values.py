"""What several settings of the newsroom's file have in common: the file so far, texts, choices and whole numbers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from chalicelib.kernel import money
from chalicelib.newsroom.checks import held, wrong
from chalicelib.newsroom.rules import Words

# What no page, mail or terminal shows as what it is: control characters, and marks that turn a text round.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]")
_LINES = re.compile(r"[\t\r\n]")
NOTHING: Any = Field(default={}, validate_default=True)  # what is missing in it is then missed by its own name


@dataclass
class SettingsSoFar:
    """What the file has said so far, in the order of the settings below: the next ones are held against it."""

    languages: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    currencies: tuple[str, ...] = ()
    minimum: int = 1  # these two of the currency that is being read
    maximum: int = money.LARGEST

    @property
    def currency(self) -> str:
        """The one that is being read."""
        return self.currencies[-1]

    @property
    def step(self) -> int:
        """Of its amounts."""
        return money.smallest_step(self.currency)


def words(value: Any, said: SettingsSoFar, *below: str, longest: int | None = None, lines: bool = False) -> Words:
    """The same text in every language; `lines`: it may have several."""
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
    """One of these texts."""
    if value not in choices:
        raise wrong(f"one of {', '.join(choices)}", alone=True)
    return str(value)


def whole(value: Any, least: int, most: int, instead: str, *below: str) -> int:
    """A whole number within bounds."""
    if type(value) is not int or not least <= value <= most:
        raise wrong(instead, *below)
    return value


Line = Annotated[Words, held(words)]
