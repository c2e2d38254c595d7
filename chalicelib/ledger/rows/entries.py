"""The ledger: one immutable entry for each movement of money, its guard, and the sums that follow from it.

Only a fee may be added later, once, if the provider learns it after the money moved. Entries are answered as types
(`ledger/rules/stored.py`); an unreadable one is answered as `UnreadableEntry`, so that the others can still be read.

Times, and the months of the index, are UTC. Sums are for people: they count by the month in the newsroom's time zone,
which the caller passes in. Decision 0029.
"""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from datetime import tzinfo
from functools import partial

from chalicelib.kernel import keys
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import neighbours_of
from chalicelib.kernel.table import (
    EXISTING,
    NEW,
    Change,
    Condition,
    Item,
    Put,
    Table,
    TransactionLost,
    Update,
    every,
    holds,
)
from chalicelib.ledger.rows import codec, sums
from chalicelib.ledger.rules.movements import STRIPE, Booked, Entry, Fee, MethodOfPayment
from chalicelib.ledger.rules.stored import EntryUnreadable, ListedEntry, StoredEntry, UnreadableEntry
from chalicelib.ledger.rules.sums import counted, counted_late


def is_booked(table: Table, movement: str) -> bool:
    """Whether this movement is booked already."""
    return table.get(keys.movement(movement)) is not None


def owner_of(table: Table, movement: str) -> SupporterId | None:
    """The supporter in whose ledger a movement is booked; None if it is not. Reads its guard only."""
    guard = table.get(keys.movement(movement))
    return codec.read_guard(guard)[0] if guard else None


def still_of(movement: str, supporter: SupporterId) -> Update:
    """Nothing but the condition that a movement is booked for this supporter: two records may have become one."""
    return holds(keys.movement(movement), Condition("supporter", "=", supporter))


def entry_of(table: Table, movement: str) -> StoredEntry | None:
    """The entry of a movement; None if it is not booked.

    :raises EntryUnreadable: it is booked, and its row cannot be read.
    """
    guard = table.get(keys.movement(movement))
    item = table.get(codec.key_of(*codec.read_guard(guard))) if guard else None
    found = codec.read_entry(item) if item else None
    if isinstance(found, UnreadableEntry):
        raise EntryUnreadable(found)
    return found


def booked_gift(table: Table, gift: str) -> Booked | None:
    """A gift as it was booked, by its id; None if it is not booked.

    :raises EntryUnreadable: it is booked, and its row cannot be read.
    """
    found = entry_of(table, gift)
    return Booked(supporter=found.supporter, **vars(found.entry)) if found else None


def book(entries: Sequence[Entry], supporter: SupporterId, zone: tzinfo) -> list[Change]:
    """The changes that book entries: guards, entries and sums. They fail if a movement is booked already.

    The entry's own key is not enough of a guard: it holds a time, and two notifications of one payment can differ by
    a second. Without the guard such a payment was booked twice.
    """
    changes: list[Change] = []
    for entry in entries:
        changes.append(Put(codec.write_guard(entry, supporter), NEW))
        changes.append(Put(codec.write_entry(entry, supporter), NEW))
    return [*changes, *sums.add([counted(entry.movement, entry.campaign, zone) for entry in entries])]


def say_rail(item: Item) -> Update | None:
    """The change that adds the rail to an entry of an earlier release, which has none; None for any other row.

    It fails if the row is no longer as it was read, and writes nothing else.
    """
    if not codec.is_entry(item) or "rail" in item:
        return None
    key = str(item["pk"]), str(item["sk"])
    as_read = [Condition(name, "=", value) for name, value in item.items() if name not in ("pk", "sk")]
    return Update(key, set={"rail": STRIPE}, only_if=(*EXISTING, Condition("rail", "absent"), *as_read))


def settle_fee(stored: StoredEntry, fee: Fee, zone: tzinfo) -> list[Change]:
    """The changes that add a fee to a booked entry and to the sums; they fail if the entry has a fee already."""
    unknown = (*EXISTING, Condition("fee", "absent"))
    noted = Update(codec.key_of(stored.supporter, stored.place), set=codec.write_fee(fee), only_if=unknown)
    return [noted, *sums.add([counted_late(fee, stored.entry.movement, stored.entry.campaign, zone)])]


def note_fee(table: Table, movement: str, fee: Fee, zone: tzinfo) -> bool:
    """Add a fee to a booked entry that has none, and to the sums; False if it has one by now, or is not booked.

    :raises EntryUnreadable: it is booked, and its row cannot be read.
    """
    stored = entry_of(table, movement)
    if stored is None or stored.entry.movement.fee is not None:
        return False
    try:
        table.transact(settle_fee(stored, fee, zone))
    except TransactionLost:
        return False  # another worker noted it just now, or the next run will
    return True


def say_method(stored: StoredEntry, method: MethodOfPayment, payer: str | None) -> list[Change]:
    """The changes that add how a gift was paid, and by whom, to an entry from before that was kept.

    They fail if the entry says it by now, and if its supporter has no profile: what was erased is not brought back.
    """
    said = codec.write_method(method) | ({"payer": payer} if payer else {})
    unknown = (*EXISTING, Condition("method", "absent"))
    noted = Update(codec.key_of(stored.supporter, stored.place), set=said, only_if=unknown)
    return [noted, holds(keys.profile(stored.supporter))]


def entries_of(table: Table, supporter: SupporterId) -> Iterator[StoredEntry | UnreadableEntry]:
    """A supporter's entries, newest first, unreadable ones included."""
    partition = keys.supporter(supporter)
    return map(codec.read_entry, every(partial(table.query, partition, prefix=keys.ENTRY_PREFIX, newest_first=True)))


def entries(table: Table, rail: str, since: str = "") -> Iterator[ListedEntry | UnreadableEntry]:
    """Every entry of one rail since a month (`2026-08`, UTC, included), in order of time, as the index lists them."""
    # The months are found by the sums, which are by the newsroom's time zone: an entry of the hours around a month's
    # end may be listed under the month before or after, which may have no sums of its own.
    months = {month for known in sums.months(table) for month in (known, *neighbours_of(known))}
    for month in sorted(months):
        if month >= since:
            yield from entries_of_month(table, rail, month)


def entries_of_month(table: Table, rail: str, month: str) -> Iterator[ListedEntry | UnreadableEntry]:
    """The entries of one rail in one month (`2026-08`, UTC), in order of time, as the index lists them."""
    return _listed(table, rail, month)


def entries_between(table: Table, rail: str, since: int, until: int) -> Iterator[ListedEntry | UnreadableEntry]:
    """The entries of one rail of the seconds from `since` to `until`, in order of time, as the index lists them."""
    first, last = keys.month(since), keys.month(until)
    for month in (first,) if first == last else (first, *_months_up_to(first, last)):
        yield from _listed(table, rail, month, after=keys.moment(since), up_to=f"{keys.moment(until)}~")


def _listed(
    table: Table, rail: str, month: str, after: str | None = None, up_to: str | None = None
) -> Iterator[ListedEntry | UnreadableEntry]:
    """Those of all partitions of a month, merged; a page of each is read at first, and more as it is needed."""
    places = keys.all_of_ledger_month(month, rail)
    listed = (every(partial(table.query_index, one, after=after, up_to=up_to)) for one in places)
    in_order = heapq.merge(*listed, key=lambda item: str(item["gsi1sk"]))
    return (codec.read_listed(item, rail) for item in in_order)


def _months_up_to(first: str, last: str) -> Iterator[str]:
    month = first
    while month < last:
        month = neighbours_of(month)[1]
        yield month


def entries_of_rails(table: Table, rails: Iterable[str]) -> Iterator[ListedEntry | UnreadableEntry]:
    """Every entry of these rails, in order of time, as the index lists them."""
    return heapq.merge(*(entries(table, rail) for rail in rails), key=lambda one: one.occurred_at or 0)
