"""What a supporter may do instead of stopping: give less, or the same once a year."""

from collections.abc import Sequence
from typing import Literal

from chalicelib.kernel.rhythm import Rhythm, rhythm_of
from chalicelib.newsroom.rules import Newsroom
from chalicelib.supporters.rules.access import RecurringGift

RHYTHMS: tuple[Literal["month", "year"], ...] = ("month", "year")
_MOST = 2  # smaller amounts that are shown


def smaller(gift: RecurringGift, newsroom: Newsroom) -> Sequence[int]:
    """Amounts below that of the gift (minor units), among those that the newsroom offers, the largest first."""
    rules = newsroom.currencies.get(gift.currency)
    interval = rhythm_name(gift)
    if rules is None or interval is None:
        return ()
    below = [amount for amount in rules.presets[interval] if rules.minimum <= amount < gift.amount]
    return sorted(below, reverse=True)[:_MOST]


def once_a_year(gift: RecurringGift, newsroom: Newsroom) -> int | None:
    """What a monthly gift comes to in a year (minor units), if that can be given at once; None otherwise."""
    rules = newsroom.currencies.get(gift.currency)
    if rules is None or rhythm_name(gift) != "month":
        return None
    amount = as_often(gift, "year")
    return amount if rules.minimum <= amount <= rules.maximum else None


def rhythm_name(gift: RecurringGift) -> Literal["month", "year"] | None:
    """`month` or `year`, as the pages offer them; None for any other rhythm."""
    if gift.interval_count != 1:
        return None
    return next((name for name in RHYTHMS if name == gift.interval), None)


def as_often(gift: RecurringGift, interval: Literal["month", "year"]) -> int:
    """What the gift comes to at another rhythm (minor units), rounded down: 5 € a month are 60 € a year."""
    rhythm = rhythm_of(gift.interval, gift.interval_count) or Rhythm("month")
    return rhythm.yearly(gift.amount) if interval == "year" else rhythm.monthly(gift.amount)
