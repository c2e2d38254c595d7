"""The codec of a ledger entry: how one is written, read back in full, and read from what the index copies.

Reading is strict: a row with an attribute of another type than was written is unreadable (`UnreadableEntry`). Names
in the table are older than those in the code: `payment_intent` is the gift, `subscription` the recurring gift.
"""

from dataclasses import replace
from typing import Any, TypeVar, get_args

from chalicelib.kernel import keys
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import rfc3339, seconds_of
from chalicelib.kernel.table import Item, Key
from chalicelib.ledger.rules.movements import STRIPE, Entry, Fee, Kind, MethodOfPayment, Movement, Period
from chalicelib.ledger.rules.stored import ListedEntry, StoredEntry, UnreadableEntry

Part = TypeVar("Part")
_DAY = 86_400
# What may be written to an entry that stands: what the provider learns late, and the rail of an early release.
ADDED_LATER = ("fee", "method", "payer", "rail")


def write_entry(entry: Entry, supporter: SupporterId) -> dict[str, Any]:
    """The whole row of an entry; the index lists it under its month (UTC), its rail, and one of eight shards."""
    moved = entry.movement
    pk, sk = keys.entry(supporter, moved.occurred_at, moved.id)
    row = {
        "pk": pk,
        "sk": sk,
        "gsi1pk": keys.ledger_month(keys.month(moved.occurred_at), moved.rail, moved.id),
        "gsi1sk": f"{keys.moment(moved.occurred_at)}#{moved.id}",
        "supporter": supporter,
        "rail": moved.rail,
        "id": moved.id,
        "kind": moved.kind,
        "payment_intent": moved.gift,
        "amount": moved.amount,
        "currency": moved.currency,
        "occurred_at": moved.occurred_at,
        "livemode": moved.livemode,
        "invoice": moved.invoice,
        "subscription": moved.recurring,
        "campaign": entry.campaign,
        "source": entry.source,
        "tier": entry.tier,
        "days": entry.days,
        "payer": moved.payer,
    }
    if moved.method:
        row |= write_method(moved.method)
    if moved.fee:
        row |= write_fee(moved.fee)
    if moved.period:
        row |= {"period_start": moved.period.start, "period_end": moved.period.end}
    return {name: value for name, value in row.items() if value is not None}


def write_fee(fee: Fee) -> dict[str, Any]:
    """The attributes of a fee, which may be written later than the rest of the entry."""
    return {"fee": fee.amount, "fee_currency": fee.currency}


def write_method(method: MethodOfPayment) -> dict[str, Any]:
    """The attributes of a method of payment, which may be written later than the rest of the entry."""
    row = {"method": method.kind, "method_brand": method.brand, "method_last4": method.last4}
    return {name: value for name, value in row.items() if value is not None}


def is_entry(item: Item) -> bool:
    """Whether a row has the key of an entry; it may still be unreadable."""
    return str(item["pk"]).startswith(keys.supporter(SupporterId(""))) and str(item["sk"]).startswith(
        keys.ENTRY_PREFIX
    )


def read_entry(item: Item) -> StoredEntry | UnreadableEntry:
    """Read an entry from its whole row."""
    row, supporter = _Row(item), _supporter(item)
    try:
        period = Period(row.must("period_start", int), row.must("period_end", int)) if "period_end" in item else None
        rail, payer = row.may("rail", str) or STRIPE, row.may("payer", str)
        moved = Movement(**_moved(row), rail=rail, period=period, method=_method(row), payer=payer)
        words = row.may("campaign", str), row.may("source", str), row.may("tier", str)
        entry = Entry(moved, *words, row.may("days", int))
    except _WrongPart as wrong:
        return _unreadable(item, wrong)
    should_be = write_entry(entry, supporter)
    stored = StoredEntry(supporter, str(item["sk"]), entry)
    if any(item.get(name) != should_be[name] for name in ("pk", "sk", "supporter")):
        return replace(stored, wrong="place")
    places = should_be["gsi1pk"], keys.ledger_month_before(keys.month(moved.occurred_at), moved.rail)
    listed = item.get("gsi1pk") in places and item.get("gsi1sk") == should_be["gsi1sk"]
    return stored if listed else replace(stored, wrong="listing")


def read_listed(item: Item, rail: str) -> ListedEntry | UnreadableEntry:
    """Read an entry from what the index copies of it. `rail`: the one in whose partition it was found."""
    row = _Row(item)
    try:
        return ListedEntry(_supporter(item), rail, **_moved(row), campaign=row.may("campaign", str))
    except _WrongPart as wrong:
        return _unreadable(item, wrong)


def write_guard(entry: Entry, supporter: SupporterId) -> dict[str, Any]:
    """The row that keeps a movement from being booked twice, and leads to its entry."""
    moved = entry.movement
    pk, sk = keys.movement(moved.id)
    _, place = keys.entry(supporter, moved.occurred_at, moved.id)
    return {"pk": pk, "sk": sk, "supporter": supporter, "entry": place}


def read_guard(item: Item) -> tuple[SupporterId, str]:
    """Where the entry of a guard stands: its supporter and its sort key."""
    return SupporterId(str(item.get("supporter"))), str(item.get("entry"))


def key_of(supporter: SupporterId, place: str) -> Key:
    """The key of an entry, from its supporter and its sort key (`place`)."""
    return keys.supporter(supporter), place


def time_of(place: str) -> int | None:
    """The time in an entry's sort key (`MONEY#2026-09-21T14:13:20Z#pi_…`), in seconds; None if it has none."""
    at = seconds_of(place.removeprefix(keys.ENTRY_PREFIX).partition("#")[0])
    return at if at is not None and _has_a_date(at) else None


class _WrongPart(Exception):
    """This attribute is not what was written."""


class _Row:
    """A row whose parts are asked for by name and type."""

    def __init__(self, item: Item) -> None:
        self._item = item

    def must(self, name: str, kind: type[Part]) -> Part:
        value = self._item.get(name)
        if type(value) is not kind:
            raise _WrongPart(name)
        return value

    def may(self, name: str, kind: type[Part]) -> Part | None:
        return self.must(name, kind) if name in self._item else None


def _moved(row: _Row) -> dict[str, Any]:
    """The parts of a movement that the whole row and the index's copy both have."""
    kind, at = row.must("kind", str), row.must("occurred_at", int)
    if kind not in get_args(Kind):
        raise _WrongPart("kind")
    if not _has_a_date(at):
        raise _WrongPart("occurred_at")
    fee = row.may("fee", int)
    return {
        "id": row.must("id", str),
        "kind": kind,
        "gift": row.must("payment_intent", str),
        "amount": row.must("amount", int),
        "currency": row.must("currency", str),
        "occurred_at": at,
        "livemode": row.must("livemode", bool),
        "invoice": row.may("invoice", str),
        "recurring": row.may("subscription", str),
        "fee": None if fee is None else Fee(fee, row.must("fee_currency", str)),
    }


def _method(row: _Row) -> MethodOfPayment | None:
    kind = row.may("method", str)
    return MethodOfPayment(kind, row.may("method_brand", str), row.may("method_last4", str)) if kind else None


def _has_a_date(at: int) -> bool:
    """Whether Python can write this time as a date, in every time zone."""
    try:
        return bool(rfc3339(at - _DAY) and rfc3339(at + _DAY))
    except (ValueError, OverflowError, OSError):
        return False


def _supporter(item: Item) -> SupporterId:
    return keys.supporter_of(item["pk"])


def _unreadable(item: Item, wrong: _WrongPart) -> UnreadableEntry:
    place = str(item["sk"])
    return UnreadableEntry(
        _supporter(item),
        place,
        part=str(wrong),
        name=str(item.get("id") or place),
        movement=place.rpartition("#")[2],
        occurred_at=time_of(place),
        amount=item.get("amount"),
        currency=item.get("currency"),
        campaign=campaign if isinstance(campaign := item.get("campaign"), str) else None,
    )
