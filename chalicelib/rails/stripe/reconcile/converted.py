"""What a dispute's line of Stripe's books is worth as it was given, where it settled in another currency.

The books scale such money by what was withdrawn first (`rails/stripe/events/settlement.py`). Held against the same
arithmetic they would always agree, so it is worked out here in another way: by the exchange rate that Stripe says it
used. Where it says none, by the proportion of the settled sums. https://docs.stripe.com/api/balance_transactions/object
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from chalicelib.kernel.money import places
from chalicelib.rails.stripe.port import Answer

_RATE_IS_GOOD_TO = Decimal("0.005")  # of the amount: a rate comes with four to six digits


@dataclass(frozen=True)
class GivenAmount:
    """Signed, in minor units of what was given; a booking may be `within` so many of it and still be right."""

    amount: int
    within: int = 0


def worth_of(transaction: Answer, dispute: Answer) -> GivenAmount:
    """What a balance transaction of a dispute moved, in the dispute's own currency.

    The withdrawal's rate counts for what came back, too: a day's rate is nothing that a giver gained or lost.

    :raises ValueError, KeyError: neither a rate nor the withdrawal is told.
    """
    amount = int(transaction["amount"])
    first = min(_withdrawals(transaction, dispute), key=lambda one: (one["created"], one["amount"]), default=None)
    by_proportion = Decimal(amount) * int(dispute["amount"]) / -int(first["amount"]) if first else None
    rates = list(_rates(first or transaction, transaction, dispute))
    if not rates:
        if by_proportion is None:
            raise ValueError("no rate")
        return GivenAmount(_whole(by_proportion), 1)
    found = [amount / rate for rate in rates]
    near = found[0] if by_proportion is None else min(found, key=lambda one: _apart(one, by_proportion))
    coin = (1 / rates[found.index(near)]).to_integral_value(ROUND_CEILING)
    return GivenAmount(_whole(near), 1 + int(coin + abs(near) * _RATE_IS_GOOD_TO))


def _withdrawals(transaction: Answer, dispute: Answer) -> Iterator[Answer]:
    known = [transaction, *(dispute.get("balance_transactions") or ())]
    for one in known:
        if isinstance(one, Mapping) and one["currency"] == transaction["currency"] and one["amount"] < 0:
            yield one


def _rates(first: Answer, transaction: Answer, dispute: Answer) -> Iterator[Decimal]:
    """As Stripe says it, and as it would be by whole units: of yen and the like, its documentation says neither."""
    said = first.get("exchange_rate") or transaction.get("exchange_rate")
    rate = Decimal(str(said)) if said else Decimal(0)
    if rate > 0:
        yield rate
        if more := _decimals(transaction["currency"]) - _decimals(dispute["currency"]):
            yield rate.scaleb(more)


def _decimals(currency: str) -> int:
    known = places(currency)
    return 2 if known is None else known  # None: not in our table


def _apart(one: Decimal, other: Decimal) -> Decimal:
    return max(abs(one), abs(other)) / max(min(abs(one), abs(other)), Decimal("0.001"))


def _whole(amount: Decimal) -> int:
    return int(amount.to_integral_value(ROUND_HALF_UP))
