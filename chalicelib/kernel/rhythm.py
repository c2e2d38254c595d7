"""How often a recurring gift is charged, and what its amount comes to in a month or a year.

Stripe's own shape, https://docs.stripe.com/api/prices/object#price_object-recurring: a unit, and how many of it
lie between two payments. All arithmetic is in integers of minor units, rounded down once, at the end: so an amount
reaches a threshold of the newsroom's exactly when it really comes to that much.
"""

from dataclasses import dataclass
from typing import Literal, get_args

Unit = Literal["day", "week", "month", "year"]
UNITS: tuple[Unit, ...] = get_args(Unit)

_IN_A_YEAR = 12  # months
_IN_A_WEEK, _SHORTEST_MONTH = 7, 28  # days
_DAY = 86_400  # seconds
# Days in a month, 365.25 / 12, as a fraction of integers.
_MONTH_DAYS = (487, 16)


@dataclass(frozen=True)
class Rhythm:
    """How often a recurring gift is charged: once every `count` units; `count` is at least 1."""

    unit: Unit
    count: int = 1

    def __post_init__(self) -> None:
        if self.unit not in UNITS or type(self.count) is not int or self.count < 1:
            raise ValueError(f"There is no payment every {self.count!r} of {self.unit!r}.")

    def normal(self) -> "Rhythm":
        """The same rhythm in its largest exact unit: 12 months are a year, 14 days two weeks; 4 weeks no month."""
        if self.unit == "day" and self.count % _IN_A_WEEK == 0:
            return Rhythm("week", self.count // _IN_A_WEEK)
        if self.unit == "month" and self.count % _IN_A_YEAR == 0:
            return Rhythm("year", self.count // _IN_A_YEAR)
        return self

    @property
    def by_the_year(self) -> bool:
        """True if it is charged every so many whole years: then the newsroom's rules for a year apply."""
        return self.normal().unit == "year"

    def monthly(self, amount: int) -> int:
        """What an amount at every payment comes to in a month, rounded down."""
        if self.unit == "month":
            return amount // self.count
        if self.unit == "year":
            return amount // (_IN_A_YEAR * self.count)
        days, part = _MONTH_DAYS
        return amount * days // (part * self._days)

    def yearly(self, amount: int) -> int:
        """What an amount at every payment comes to in a year, rounded down."""
        if self.unit == "year":
            return amount // self.count
        if self.unit == "month":
            return amount * _IN_A_YEAR // self.count
        days, part = _MONTH_DAYS
        return amount * _IN_A_YEAR * days // (part * self._days)

    @property
    def _days(self) -> int:
        return self.count * (_IN_A_WEEK if self.unit == "week" else 1)


def rhythm_of_length(seconds: int) -> Rhythm | None:
    """The rhythm whose periods are about this long; None for less than a day. A month has 28 to 31 days."""
    days = seconds // _DAY
    if days <= 0:
        return None
    if days < _SHORTEST_MONTH:
        return Rhythm("day", days).normal()
    month, part = _MONTH_DAYS
    return Rhythm("month", max(1, (2 * days * part + month) // (2 * month))).normal()


def rhythm_of(interval: object, count: object = 1) -> Rhythm | None:
    """A rhythm from Stripe's interval and count, or those of our own rows; None for `once` and for unknown ones."""
    unit = next((known for known in UNITS if known == interval), None)
    if unit is None or type(count) is not int or count < 1:
        return None
    return Rhythm(unit, count)
