"""What a change of amount or interval means: the price then, whether something is charged now, who may ask."""

from dataclasses import dataclass
from typing import Literal

from chalicelib.checkouts.rules.wish import within_bounds
from chalicelib.kernel.rhythm import Rhythm, rhythm_of
from chalicelib.newsroom.rules import Newsroom
from chalicelib.supporters.rules.access import RecurringGift

Charge = Literal["next", "now"]
_MUCH_MORE = 2  # times the present amount


@dataclass(frozen=True)
class Change:
    """A wish to give another amount, or at another interval. `amount`: minor units of the gift's own currency.

    `interval` None: as it is. `charge`: whether it begins with the next payment, or with the difference now.
    """

    amount: int
    interval: Literal["month", "year"] | None = None
    charge: Charge = "next"


@dataclass(frozen=True)
class GiftPrice:
    """What a recurring gift is each time, and how often."""

    amount: int
    rhythm: Rhythm

    @classmethod
    def of(cls, gift: RecurringGift) -> "GiftPrice":
        """The present price of a gift."""
        return cls(gift.amount, rhythm_of(gift.interval, gift.interval_count) or Rhythm("month"))


@dataclass(frozen=True)
class Plan:
    """A change as it is to be made, from price `was` to price `new`.

    `charge_now`: something is charged for the rest of the paid time. `step_up`: a fresh sign-in is needed.
    """

    was: GiftPrice
    new: GiftPrice
    charge_now: bool
    step_up: bool

    @property
    def nothing(self) -> bool:
        """Whether it is so already."""
        return self.was == self.new

    @property
    def other_rhythm(self) -> bool:
        """Whether the interval changes, so that periods of another length begin."""
        return self.was.rhythm != self.new.rhythm


def plan(wish: Change, gift: RecurringGift, newsroom: Newsroom) -> Plan:
    """What the wish changes. To be called for a gift that can be changed (`possible.py`).

    A charge now takes the difference, so there is none where there is no difference to take: for a lower amount, and
    from a year to months. Those begin with the next payment, whatever was asked.

    :raises BadInput: `amount_too_small`, `amount_too_large`, `bad_amount`, `unknown_currency`.
    """
    within_bounds(wish.amount, gift.currency, newsroom)
    was = GiftPrice.of(gift)
    new = GiftPrice(wish.amount, Rhythm(wish.interval) if wish.interval else was.rhythm)
    charge_now = wish.charge == "now" and _takes_more(was, new)
    return Plan(was, new, charge_now, step_up=charge_now or _is_much_more(was, new))


def _takes_more(was: GiftPrice, new: GiftPrice) -> bool:
    if was.rhythm == new.rhythm:
        return new.amount > was.amount
    return new.rhythm.by_the_year and not was.rhythm.by_the_year


def _is_much_more(was: GiftPrice, new: GiftPrice) -> bool:
    """Whether it is more than twice as much: at one payment, or over a year."""
    over_a_year = new.rhythm.yearly(new.amount) > _MUCH_MORE * was.rhythm.yearly(was.amount)
    return new.amount > _MUCH_MORE * was.amount or over_a_year
