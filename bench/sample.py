"""Samples of one figure, taken in turns: the median, and how far they lie apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Sample:
    """What several rounds measured of one thing, in the unit of its column."""

    values: Sequence[float]

    @property
    def median(self) -> float:
        """The middle one: one slow round must not move it."""
        return median(self.values)

    @property
    def spread(self) -> str:
        """`12.1..14.9`; a wide one says that the machine was busy."""
        return f"{figure(min(self.values))}..{figure(max(self.values))}"

    def times(self, other: "Sample") -> float:
        """How many times the other's, round by round: what slowed both down does not show."""
        return median(mine / its for mine, its in zip(self.values, other.values, strict=True))


def figure(value: float) -> str:
    """Three digits that say something, and no more."""
    if value >= 100:  # noqa: PLR2004 - three digits before the point
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"  # noqa: PLR2004 - two digits before it
