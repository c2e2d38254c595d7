"""What decisions about one-off and recurring gifts share."""

from typing import Any

from chalicelib.kernel.rhythm import Rhythm
from chalicelib.ledger.rules.movements import Movement
from chalicelib.newsroom.rules import Earning, Interval, Newsroom


def earned_by(newsroom: Newsroom, currency: str, amount: int, interval: Interval) -> Earning | None:
    """What a gift earns by the newsroom's rules of today; None in a currency that it no longer takes."""
    rules = newsroom.currencies.get(currency)
    return rules.earned(amount, interval) if rules else None


def earned_at(newsroom: Newsroom, currency: str, amount: int, rhythm: Rhythm) -> Earning | None:
    """What a recurring gift of this amount per payment earns by the newsroom's rules of today."""
    rules = newsroom.currencies.get(currency)
    return rules.earned_at(amount, rhythm) if rules else None


def receipt_values(gift: Movement) -> dict[str, Any]:
    """The values of a gift for the mails that confirm it."""
    return {
        "amount": gift.amount,
        "currency": gift.currency,
        "paid_at": gift.occurred_at,
        "reference": gift.id,
    }
