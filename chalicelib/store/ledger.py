"""The ledger: one immutable entry per movement of money, its guard, and the sums that follow from it."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from chalicelib.domain.booking import Entry
from chalicelib.store import keys
from chalicelib.store.table import NEW, Change, Item, Put, Table, Update, every


def is_booked(table: Table, movement: str) -> bool:
    """Whether this movement has its entry already."""
    return table.get(keys.movement(movement)) is not None


def book(entry: Entry, supporter: str) -> list[Change]:
    """The guard, the entry and the sums; the guard makes the whole transaction fail when the movement is known.

    A guard of its own is needed because the entry's key holds a time, and two tellings of one payment can differ by
    a second: guarded by its own key alone, it was booked twice.
    """
    payment = entry.payment
    guard_pk, guard_sk = keys.movement(payment.id)
    pk, sk = keys.entry(supporter, payment.occurred_at, payment.id)
    row = {
        "pk": pk,
        "sk": sk,
        "id": payment.id,
        "kind": entry.kind,
        "payment_intent": payment.id,
        "amount": payment.amount,
        "currency": payment.currency,
        "occurred_at": payment.occurred_at,
        "livemode": payment.livemode,
        "supporter": supporter,
        "gsi1pk": keys.ledger_month(keys.month(payment.occurred_at)),
        "gsi1sk": f"{keys.moment(payment.occurred_at)}#{payment.id}",
        "invoice": payment.invoice,
        "subscription": payment.subscription,
        "campaign": entry.campaign,
        "source": entry.source,
    }
    return [
        Put({"pk": guard_pk, "sk": guard_sk, "supporter": supporter, "entry": sk}, NEW),
        Put({name: value for name, value in row.items() if value is not None}, NEW),
        *_sums(entry),
    ]


def _sums(entry: Entry) -> list[Change]:
    payment = entry.payment
    # Chosen anew at every try, so that a transaction that met another one on a shard goes on elsewhere.
    shard = secrets.randbelow(keys.SHARDS)
    added = {"gross": payment.amount, "payments": 1}
    sums: list[Change] = [Update(keys.total(keys.month(payment.occurred_at), payment.currency, shard), add=added)]
    if entry.campaign:
        sums.append(Update(keys.campaign_total(entry.campaign, payment.currency, shard), add=added))
    return sums


def entries_of(table: Table, supporter: str) -> Iterator[Item]:
    """A supporter's entries, newest first."""
    partition = keys.supporter(supporter)
    return every(partial(table.query, partition, prefix=keys.ENTRY_PREFIX, newest_first=True))


def entries(table: Table) -> Iterator[Item]:
    """Every entry of the ledger, month by month in order of time, as far as the index copies it."""
    for month in sorted({str(row["sk"])[:7] for row in every(partial(table.query, keys.TOTALS))}):
        yield from every(partial(table.query_index, keys.ledger_month(month)))


@dataclass
class Sums:
    """Minor units of one currency, all positive but `net`, which is what is left; `payments` counts gifts."""

    gross: int = 0
    refunded: int = 0
    dispute_lost: int = 0
    payments: int = 0

    @property
    def net(self) -> int:
        """Before fees."""
        return self.gross - self.refunded - self.dispute_lost


def totals(table: Table) -> dict[str, Sums]:
    """All sums by currency, from the shards."""
    sums: dict[str, Sums] = {}
    for row in every(partial(table.query, keys.TOTALS)):
        one = sums.setdefault(str(row["sk"]).split("#")[1], Sums())
        one.gross += row.get("gross", 0)
        one.refunded += row.get("refunded", 0)
        one.dispute_lost += row.get("dispute_lost", 0)
        one.payments += row.get("payments", 0)
    return sums
