"""The ledger: one immutable entry per movement of money, its guard, and the sums that follow from it.

Only a fee may be written later, once, when Stripe comes to know it after the money moved.

Times, and the months of the index, are UTC. Sums are for people: they count by the month of the newsroom's time zone,
which whoever writes them hands in. Decision 0029.
"""

import re
import secrets
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from functools import partial
from typing import Any

from chalicelib.kernel import keys
from chalicelib.kernel.moments import month_of, neighbours_of
from chalicelib.kernel.table import NEW, Change, Condition, Item, Key, Put, Table, Update, every
from chalicelib.ledger.rules.movements import STRIPE, Booked, Entry, Fee, Movement, Period

COUNTED = ("gross", "refunded", "dispute_lost", "payments", "fees")
_OF_NET = {"gross", "refunded", "dispute_lost"}
_MONTH = re.compile(r"\d{4}-\d\d")
_KEY_OF_A_SHARD = 3  # parts: `2026-09#eur#0`, `TOTAL#eur#0`


def is_booked(table: Table, movement: str) -> bool:
    """Whether this movement has its entry already."""
    return table.get(keys.movement(movement)) is not None


def entry_of(table: Table, movement: str) -> Item | None:
    """The entry of a movement, if it is booked."""
    guard = table.get(keys.movement(movement))
    return table.get((keys.supporter(str(guard["supporter"])), str(guard["entry"]))) if guard else None


def booked_gift(table: Table, gift: str) -> Booked | None:
    """A gift as it was booked, by its id."""
    entry = entry_of(table, gift)
    return _booked(entry) if entry else None


def book(entries: Sequence[Entry], supporter: str, zone: tzinfo) -> list[Change]:
    """Guards, entries and sums; a guard makes the whole transaction fail when its movement is known.

    A guard of its own is needed because the entry's key holds a time, and two tellings of one payment can differ by
    a second: guarded by its own key alone, it was booked twice.
    """
    changes: list[Change] = []
    for entry in entries:
        pk, sk = keys.entry(supporter, entry.movement.occurred_at, entry.movement.id)
        guard_pk, guard_sk = keys.movement(entry.movement.id)
        changes.append(Put({"pk": guard_pk, "sk": guard_sk, "supporter": supporter, "entry": sk}, NEW))
        changes.append(Put({"pk": pk, "sk": sk, **_row(entry, supporter)}, NEW))
    return [*changes, *_sums([counted(entry.movement, entry.campaign, zone) for entry in entries])]


def settle_fee(entry: Item, fee: Fee, zone: tzinfo) -> list[Change]:
    """The fee of an entry that was booked before Stripe knew it, with its sums; fails when it is known already."""
    key = (str(entry["pk"]), str(entry["sk"]))
    unknown = (Condition("pk", "present"), Condition("fee", "absent"))
    month = month_of(entry["occurred_at"], zone)
    added = Counted(month, entry.get("campaign"), {fee.currency: {"fees": fee.amount}})
    return [Update(key, set={"fee": fee.amount, "fee_currency": fee.currency}, only_if=unknown), *_sums([added])]


def _row(entry: Entry, supporter: str) -> dict[str, Any]:
    moved = entry.movement
    row = {
        "id": moved.id,
        "kind": moved.kind,
        "payment_intent": moved.gift,
        "amount": moved.amount,
        "currency": moved.currency,
        "occurred_at": moved.occurred_at,
        "livemode": moved.livemode,
        "rail": moved.rail,
        "supporter": supporter,
        "gsi1pk": keys.ledger_month(keys.month(moved.occurred_at)),
        "gsi1sk": f"{keys.moment(moved.occurred_at)}#{moved.id}",
        "invoice": moved.invoice,
        "subscription": moved.recurring,
        "campaign": entry.campaign,
        "source": entry.source,
        "tier": entry.tier,
        "days": entry.days,
    }
    if moved.fee:
        row |= {"fee": moved.fee.amount, "fee_currency": moved.fee.currency}
    if moved.period:
        row |= {"period_start": moved.period.start, "period_end": moved.period.end}
    return {name: value for name, value in row.items() if value is not None}


@dataclass(frozen=True)
class Counted:
    """What an entry adds to the sums of its month (the newsroom's) and its campaign, by currency."""

    month: str
    campaign: str | None
    added: Mapping[str, Mapping[str, int]]


def counted(moved: Movement, campaign: str | None, zone: tzinfo) -> Counted:
    """How a movement counts: what a failed refund or a won dispute brings back, lowers what was given back."""
    added: dict[str, dict[str, int]] = {moved.currency: _columns(moved)}
    if moved.fee and moved.fee.amount:
        added.setdefault(moved.fee.currency, {})["fees"] = moved.fee.amount
    return Counted(month_of(moved.occurred_at, zone), campaign, added)


def _columns(moved: Movement) -> dict[str, int]:
    if moved.kind == "gift":
        return {"gross": moved.amount, "payments": 1}
    return {{"refund": "refunded", "dispute": "dispute_lost"}[moved.kind]: -moved.amount}


def _sums(all_counted: Sequence[Counted]) -> list[Change]:
    # Chosen anew at every try, so that a transaction that met another one on a shard goes on elsewhere. One shard for
    # the whole transaction: DynamoDB takes one change of an item in it, so what meets on a row is added up first.
    shard = secrets.randbelow(keys.SHARDS)
    sums: defaultdict[Key, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for one in all_counted:
        for currency, columns in one.added.items():
            rows = [keys.total(one.month, currency, shard)]
            if one.campaign:
                rows.append(keys.campaign_total(one.campaign, currency, shard))
            for row in rows:
                for column, amount in columns.items():
                    sums[row][column] += amount
    return [Update(key, add=dict(columns)) for key, columns in sums.items()]


def _booked(entry: Item) -> Booked:
    period = Period(entry["period_start"], entry["period_end"]) if "period_end" in entry else None
    moved = Movement(
        entry["id"],
        entry["kind"],
        entry["payment_intent"],
        entry["amount"],
        entry["currency"],
        entry["occurred_at"],
        entry["livemode"],
        invoice=entry.get("invoice"),
        recurring=entry.get("subscription"),
        rail=entry.get("rail", STRIPE),
        period=period,
    )
    earned = (entry.get("tier"), entry.get("days"))
    return Booked(moved, str(entry["supporter"]), entry.get("campaign"), entry.get("source"), *earned)


def entries_of(table: Table, supporter: str) -> Iterator[Item]:
    """A supporter's entries, newest first."""
    partition = keys.supporter(supporter)
    return every(partial(table.query, partition, prefix=keys.ENTRY_PREFIX, newest_first=True))


def entries(table: Table, since: str = "") -> Iterator[Item]:
    """Every entry of the ledger from a month (`2026-08`, UTC) on, in order of time, as far as the index copies it."""
    counted_in = {of for of, _ in map(_place, every(partial(table.query, keys.TOTALS))) if _MONTH.fullmatch(of)}
    # Which months there are is learnt from the sums, and those are of the newsroom's months: an entry of an hour at a
    # month's end is listed under the month before or behind, which may have no sums of its own.
    months = {month for known in counted_in for month in (known, *neighbours_of(known))}
    for month in sorted(months):
        if month >= since:
            yield from every(partial(table.query_index, keys.ledger_month(month)))


@dataclass
class Sums:
    """Minor units of one currency, all positive but `net`, which is what is left; `payments` counts gifts.

    `fees` is what Stripe kept in this currency, as far as it is known: gifts in another one may have settled in it.
    `unreadable`: of these a shard holds something else than a number, so that they are not what they seem.
    """

    gross: int = 0
    refunded: int = 0
    dispute_lost: int = 0
    payments: int = 0
    fees: int = 0
    unreadable: set[str] = field(default_factory=set)

    @property
    def net(self) -> int:
        """Before fees."""
        return self.gross - self.refunded - self.dispute_lost

    def add(self, row: Mapping[str, Any]) -> None:
        """Take in one shard's counters; what is no number is left out and told."""
        for column in COUNTED:
            value = row.get(column, 0)
            if type(value) is int:
                setattr(self, column, getattr(self, column) + value)
            else:
                self.unreadable |= {column, "net"} if column in _OF_NET else {column}


@dataclass(frozen=True)
class Total:
    """The sums of one month or one campaign in one currency."""

    of: str
    currency: str
    sums: Sums = field(default_factory=Sums)


def totals(table: Table) -> dict[str, Sums]:
    """All sums by currency, from the shards."""
    sums: dict[str, Sums] = {}
    for row in every(partial(table.query, keys.TOTALS)):
        sums.setdefault(_place(row)[1], Sums()).add(row)
    return sums


def totals_by_month(table: Table) -> list[Total]:
    """The sums of every month (`2026-08`, the newsroom's), in order of time."""
    found: dict[tuple[str, str], Total] = {}
    for row in every(partial(table.query, keys.TOTALS)):
        month, currency = _place(row)
        found.setdefault((month, currency), Total(month, currency)).sums.add(row)
    return [found[key] for key in sorted(found)]


def totals_of_campaign(table: Table, slug: str) -> list[Total]:
    """The sums of one campaign, by currency."""
    found: dict[str, Total] = {}
    for row in every(partial(table.query, keys.campaign(slug), prefix=keys.CAMPAIGN_TOTAL_PREFIX)):
        currency = _place(row)[1]
        found.setdefault(currency, Total(slug, currency)).sums.add(row)
    return [found[currency] for currency in sorted(found)]


def _place(row: Item) -> tuple[str, str]:
    """The month and the currency that a shard is of; of a row that is called otherwise, its name for both."""
    name = str(row["sk"])
    parts = name.split("#")
    return (parts[0], parts[1]) if len(parts) == _KEY_OF_A_SHARD else (name, name)
