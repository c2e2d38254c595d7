"""Access by living through it: step by step, each gift uses up its own time. Slow, and simple enough to be believed.

Held against `domain.access.entitlement`, which computes the same from spans. All times are seconds, UTC; every
moment and length must be a whole number of steps after the first one.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Runs:
    """A recurring gift of a rank (0 the lowest): the spans that are paid for, and those that its grace opens."""

    rank: int
    paid: Sequence[tuple[int, int]]
    grace: Sequence[tuple[int, int]] = ()


@dataclass(frozen=True)
class Days:
    """A one-off gift: so many seconds to read, from a moment on, used only while nothing equal or better runs."""

    rank: int
    at: int
    seconds: int
    id: str = ""


@dataclass(frozen=True)
class Fixed:
    """Given by hand, from a moment until another."""

    rank: int
    at: int
    until: int


def lived_through(held: Sequence[Runs | Days | Fixed], start: int, end: int, step: int) -> list[int]:
    """The highest rank that is open in each step from `start` to `end`, -1 for none."""
    left = {gift: gift.seconds for gift in held if isinstance(gift, Days)}
    waiting = sorted(left, key=lambda gift: (-gift.rank, gift.at, gift.id))
    opened: list[int] = []
    for now in range(start, end, step):
        running = [gift.rank for gift in held if isinstance(gift, Runs) and _in(now, gift.paid)]
        running += [gift.rank for gift in held if isinstance(gift, Fixed) and gift.at <= now < gift.until]
        late = [gift.rank for gift in held if isinstance(gift, Runs) and _in(now, gift.grace)]
        best = max(running, default=-1)
        used = next((gift for gift in waiting if gift.rank > best and gift.at <= now and left[gift] > 0), None)
        if used is not None:
            left[used] -= step
            best = used.rank
        opened.append(max([best, *late]))
    return opened


def _in(now: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= now < end for start, end in spans)
