"""A supporter's payments as they are told: each gift with what went back of it, and the sums of a year."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Literal

from chalicelib.ledger.rules.movements import Movement, Period
from chalicelib.ledger.rules.stored import StoredEntry
from chalicelib.supporters.rules.access import RecurringGift

Status = Literal["paid", "partly_refunded", "refunded", "disputed"]
Interval = Literal["once", "day", "week", "month", "year"]
# Days of a period, and what somebody gives every time that it is over. Months and years differ in length.
_LONG: tuple[tuple[range, Interval], ...] = (
    (range(1, 3), "day"),
    (range(6, 9), "week"),
    (range(27, 34), "month"),
    (range(360, 371), "year"),
)
_DAY = 86_400


@dataclass(frozen=True)
class Donation:
    """A gift, and the movements that took something back of it or gave it back, in order of time.

    `refunded`, `disputed`: what refunds and disputes hold of it now, in minor units of the gift's currency. `period`:
    the time that it pays for; of the difference that a raise was charged, that of the payment which it adds to.
    """

    stored: StoredEntry
    reversals: Sequence[Movement] = ()
    period: Period | None = None

    @property
    def gift(self) -> Movement:
        """The movement that is the gift."""
        return self.stored.entry.movement

    @property
    def refunded(self) -> int:
        """What was given back."""
        return max(0, -sum(one.amount for one in self.reversals if one.kind == "refund"))

    @property
    def disputed(self) -> int:
        """What the payer's bank holds, or has taken for good."""
        return max(0, -sum(one.amount for one in self.reversals if one.kind == "dispute"))

    @property
    def left(self) -> int:
        """What is left of the gift."""
        return max(0, self.gift.amount - self.refunded - self.disputed)

    @property
    def status(self) -> Status:
        """A dispute says more than a refund, as the payer's bank decides about it."""
        if self.disputed:
            return "disputed"
        if self.refunded >= self.gift.amount:
            return "refunded"
        return "partly_refunded" if self.refunded else "paid"


def donations(entries: Iterable[StoredEntry], *, livemode: bool) -> list[Donation]:
    """The gifts among a supporter's entries, newest first, each with what went back of it.

    :param livemode: only those of real money, or only those of test money.
    """
    gifts: list[StoredEntry] = []
    back: defaultdict[str, list[Movement]] = defaultdict(list)
    for one in entries:
        moved = one.entry.movement
        if moved.kind == "gift" and moved.livemode == livemode:
            gifts.append(one)
        elif moved.kind != "gift":
            back[moved.gift].append(moved)
    in_order = sorted(gifts, key=lambda one: one.place, reverse=True)
    found = [
        Donation(one, tuple(sorted(back[one.entry.movement.id], key=lambda moved: (moved.occurred_at, moved.id))))
        for one in in_order
    ]
    return _with_periods(found)


def _with_periods(several: Sequence[Donation]) -> list[Donation]:
    """Each with the time that it pays for, or that of a payment of the same recurring gift which holds it."""
    whole: dict[str, Period] = {}
    around: dict[str, Period] = {}  # by recurring gift, so far
    timed = [(one, one.gift.period, one.gift.recurring) for one in several]
    in_time = [(one, period, named) for one, period, named in timed if period and named]
    for one, period, named in sorted(in_time, key=lambda each: (each[1].start, -each[1].end, each[0].gift.id)):
        holds = named in around and period.end <= around[named].end
        whole[one.gift.id] = around[named] if holds else period
        if one.left and not holds:  # what went back wholly pays for nothing that others could add to
            around[named] = period
    return [replace(one, period=whole.get(one.gift.id)) for one in several]


def interval_of(donation: Donation, recurring: Iterable[RecurringGift]) -> Interval:
    """How often this gift was given: by the time that it paid for, else as the recurring gift stands now."""
    gift, period = donation.gift, donation.period
    if gift.recurring is None:
        return "once"
    if period:
        days = (period.end - period.start + _DAY // 2) // _DAY
        by_period = next((interval for several, interval in _LONG if days in several), None)
        if by_period:
            return by_period
    now = next((one.interval for one in recurring if one.id == gift.recurring), "month")
    return next((interval for _, interval in _LONG if interval == now), "month")


@dataclass(frozen=True)
class YearSum:
    """The sums of a year in one currency, in minor units: what was given, what of it went back, what is left."""

    currency: str
    given: int
    returned: int

    @property
    def left(self) -> int:
        """What is left."""
        return self.given - self.returned


@dataclass(frozen=True)
class GivenInYear:
    """The gifts of one year of the newsroom's, oldest first, with what went back of each by now; sums by currency."""

    year: int
    donations: Sequence[Donation]

    @property
    def sums(self) -> list[YearSum]:
        """One for each currency, in the order of the alphabet."""
        by_currency: defaultdict[str, list[Donation]] = defaultdict(list)
        for one in self.donations:
            by_currency[one.gift.currency].append(one)
        return [
            YearSum(
                currency, sum(one.gift.amount for one in several), sum(one.gift.amount - one.left for one in several)
            )
            for currency, several in sorted(by_currency.items())
        ]

    @property
    def something_left(self) -> bool:
        """Whether anything of the year's gifts is left."""
        return any(one.left for one in self.donations)


def statement(gifts: Iterable[Donation], year: int, zone: tzinfo) -> GivenInYear:
    """The statement of a year, which begins and ends in this time zone."""
    return GivenInYear(year, [one for one in reversed(list(gifts)) if year_of(one.gift.occurred_at, zone) == year])


def years_of(gifts: Iterable[Donation], zone: tzinfo) -> list[int]:
    """The years in which something was given, newest first."""
    return sorted({year_of(one.gift.occurred_at, zone) for one in gifts}, reverse=True)


def year_of(seconds: int, zone: tzinfo) -> int:
    """The year of a time in a time zone."""
    return datetime.fromtimestamp(seconds, zone).year
