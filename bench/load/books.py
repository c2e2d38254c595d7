"""What must be true after the load: nothing lost, nothing doubled, everybody's access right. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Payment:
    """What Stripe collected: minor units of a currency."""

    id: str
    amount: int
    currency: str


@dataclass(frozen=True)
class Paying:
    """A reader who paid, the tier that this earns (None: none), and the tier that is open to them."""

    email: str
    earns: str | None
    has: str | None


# Ours, Stripe's
_SAME = (
    ("gross", "paid"),
    ("refunded", "refunded"),
    ("dispute_lost", "lost"),
    ("net", "net"),
    ("payments", "payments"),
)


def sums(totals: Mapping[str, Json], books: Mapping[str, Json]) -> list[str]:
    """Where our totals and Stripe's books differ, one sentence each."""
    wrong = []
    for currency in sorted({*totals, *books}):
        ours, stripes = totals.get(currency, {}), books.get(currency, {})
        wrong += [
            f"{currency} {mine}: {ours.get(mine, 0)} with us, {stripes.get(its, 0)} at Stripe"
            for mine, its in _SAME
            if ours.get(mine, 0) != stripes.get(its, 0)
        ]
    return wrong


def entries(ledger: Iterable[Json], payments: Sequence[Payment]) -> list[str]:
    """Payments that the ledger lacks, has twice, has otherwise, or has without Stripe."""
    gifts = [entry for entry in ledger if entry["kind"] == "gift"]
    counted = Counter(entry["id"] for entry in gifts)
    told = {entry["id"]: (entry["amount"], entry["currency"]) for entry in gifts}
    wrong = [f"{name} is in the ledger {times} times" for name, times in counted.items() if times > 1]
    for payment in payments:
        if payment.id not in told:
            wrong.append(f"{payment.id} of {payment.amount} {payment.currency} is lost")
        elif told[payment.id] != (payment.amount, payment.currency):
            wrong.append(f"{payment.id} is {told[payment.id]} with us, {payment.amount} {payment.currency} at Stripe")
    known = {payment.id for payment in payments}
    return wrong + [f"{name} is in the ledger and not at Stripe" for name in counted if name not in known]


def access(paying: Iterable[Paying]) -> list[str]:
    """Readers who have less or more than they paid for."""
    return [f"{one.email} earned {one.earns} and has {one.has}" for one in paying if one.earns != one.has]
