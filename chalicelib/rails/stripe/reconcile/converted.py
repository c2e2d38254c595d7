"""Convert a dispute's balance transaction that settled in another currency into the currency of the gift.

The ledger scales such money by the first withdrawal (`rails/stripe/events/settlement.py`). A comparison by the same
arithmetic would always agree, so here it is computed in another way: by the exchange rate that Stripe says it used;
if it says none, by the proportion of the settled sums. https://docs.stripe.com/api/balance_transactions/object
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from chalicelib.kernel.money import places
from chalicelib.rails.stripe.port import Answer

_RATE_IS_GOOD_TO = Decimal("0.005")  # part of the amount: Stripe gives a rate with four to six digits


@dataclass(frozen=True)
class GivenAmount:
    """An amount in the gift's currency, signed, minor units; a booking agrees if it is `within` so many of it."""

    amount: int
    within: int = 0


def worth_of(transaction: Answer, dispute: Answer) -> GivenAmount:
    """What a balance transaction of a dispute moved, in the dispute's own currency.

    The withdrawal's rate counts for what came back, too: the giver neither gains nor loses by a change of rates.

    :raises ValueError, KeyError: neither a rate nor the withdrawal is known.
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
    """The rate between minor units, read in the two possible ways.

    For currencies with another number of decimals, such as yen, Stripe's documentation does not say whether
    `exchange_rate` is between minor or whole units.
    """
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
