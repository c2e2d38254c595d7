"""Payments of recurring gifts that failed, and which of them arrived after all.

That a payment failed is noted when we hear of it, and stays noted. What was won back is not counted anywhere: it
follows, each time that somebody asks, from these notes and the ledger. So it is the same whatever was told first, or
twice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import tzinfo

from chalicelib.kernel.moments import month_of
from chalicelib.ledger.rules.stored import ListedEntry


@dataclass(frozen=True)
class FailedPayment:
    """The payment of an invoice of a recurring gift failed at least once, whether it arrived later or not.

    `created`: the invoice's own time, in seconds. `amount`: what it asks for, in minor units of `currency`.
    """

    invoice: str
    created: int
    amount: int
    currency: str


@dataclass(frozen=True)
class WonBack:
    """What arrived in one month and currency after it had failed: how many gifts, and their sum in minor units.

    `month` is the newsroom's. What was given back later is not subtracted.
    """

    month: str
    currency: str
    gifts: int
    amount: int


def won_back(failed: Iterable[FailedPayment], entries: Iterable[ListedEntry], zone: tzinfo) -> list[WonBack]:
    """What arrived of the payments that had failed, by month and currency, oldest first.

    An invoice that several payments paid is one gift, in the month in which the last of them arrived.
    """
    names = {one.invoice for one in failed}
    arrived: dict[str, list[ListedEntry]] = {}
    for entry in entries:
        if entry.kind == "gift" and entry.invoice in names:
            arrived.setdefault(entry.invoice, []).append(entry)
    return _by_month(arrived, zone)


def _by_month(arrived: Mapping[str, list[ListedEntry]], zone: tzinfo) -> list[WonBack]:
    sums: dict[tuple[str, str], list[int]] = {}
    for payments in arrived.values():
        month = month_of(max(one.occurred_at for one in payments), zone)
        sums.setdefault((month, payments[0].currency), []).append(sum(one.amount for one in payments))
    return [WonBack(month, code, len(found), sum(found)) for (month, code), found in sorted(sums.items())]
