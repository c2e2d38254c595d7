"""Which recurring gift is to be raised so that a level opens, and to how much."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from chalicelib.account.rules.ways_out import as_often, rhythm_name
from chalicelib.newsroom.rules import Newsroom
from chalicelib.supporters.rules.access import RecurringGift, Standing, includes


@dataclass(frozen=True)
class LeastRaise:
    """The gift, and the least amount (minor units) that opens the level, at its own rhythm or each month."""

    gift: RecurringGift
    amount: int
    interval: Literal["month", "year"]


def raised_for(
    tier: str, standing: Standing, changeable: Sequence[RecurringGift], newsroom: Newsroom
) -> LeastRaise | None:
    """The raise that opens this tier: of the gift that walls speak of, else of one of the others; None: none does.

    :param changeable: the gifts that can be changed now.
    """
    named = standing.gift_to_raise()
    first = [gift for gift in changeable if named and gift.id == named.id]
    return least_raise(first, tier, newsroom) or least_raise(changeable, tier, newsroom)


def least_raise(gifts: Sequence[RecurringGift], tier: str, newsroom: Newsroom) -> LeastRaise | None:
    """The raise that opens this tier and asks for the least, in proportion to what is given; None: none does.

    :param gifts: those that can be changed.
    """
    found = [one for gift in gifts if (one := _raise(gift, tier, newsroom))]
    return min(found, key=lambda one: (_proportion(one), one.gift.id), default=None)


def _raise(gift: RecurringGift, tier: str, newsroom: Newsroom) -> LeastRaise | None:
    rules, interval = newsroom.currencies.get(gift.currency), rhythm_name(gift) or "month"
    if rules is None:
        return None
    opening = [one.from_amount for one in rules.earns[interval] if tier in includes(newsroom.tier_names, one.tier)]
    amount = max(min(opening), rules.minimum) if opening else 0
    return LeastRaise(gift, amount, interval) if as_often(gift, interval) < amount <= rules.maximum else None


def _proportion(one: LeastRaise) -> Fraction:
    return Fraction(one.amount, max(1, as_often(one.gift, one.interval)))
