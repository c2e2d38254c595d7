"""The content of the mail that sums up what somebody gave in a year."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class YearOfGifts:
    """What a supporter gave in `year`, less what went back of it by now: an amount and its currency, of each."""

    kind: ClassVar[str] = "year_of_gifts"
    year: int
    sums: Sequence[tuple[int, str]]
