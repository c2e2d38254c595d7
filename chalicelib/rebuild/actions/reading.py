"""Read what `rebuild` compares: one pass over the whole table, as plain values."""

import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from itertools import chain
from typing import Any

from chalicelib.booking.rail import Rails
from chalicelib.inbox.compression import unpacked
from chalicelib.kernel import keys
from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import month_of
from chalicelib.kernel.table import Item, Key, Table, Update, every
from chalicelib.ledger.rows import codec, sums
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rules.movements import STRIPE
from chalicelib.ledger.rules.stored import StoredEntry, UnreadableEntry
from chalicelib.ledger.rules.sums import COUNTED, Group, counted
from chalicelib.rebuild.rules.differences import EntryInMonth, ScannedRows, StoredAccess
from chalicelib.supporters.rows import supporters
from chalicelib.supporters.rows.codec import read_state

Progress = Callable[[int], None]  # rows read so far

_SUPPORTER, _GUARD, _EVENT = keys.SUPPORTER_PREFIX, keys.movement("")[0], keys.event("")[0]
_EMAIL, _CUSTOMER = keys.email("")[0], keys.customer("")[0]
_PROFILE, _ACCESS = keys.profile(SupporterId(""))[1], keys.standing(SupporterId(""))[1]


@dataclass
class TableScan:
    """The result of one pass over the table. `events`: how many, by status.

    `without_movements`: how many events about money do not say which movement. `counts_in`: what each entry adds to
    which sums, so that two passes can be compared. `rails`: changes that add the rail to entries of an earlier
    release that lack it. They are no differences: such an entry is read with the same rail that is then written.
    """

    seen: ScannedRows
    events: Counter[str] = field(default_factory=Counter)
    without_movements: int = 0
    rows: int = 0
    counts_in: dict[Group, dict[str, Mapping[str, int]]] = field(default_factory=dict)
    rails: list[Update] = field(default_factory=list)


def scan_table(table: Table, email_key: str, rails: Rails, zone: tzinfo, progress: Progress) -> TableScan:
    """Read the whole table, row by row. Of raw events only their movements are kept in memory.

    `zone`: the newsroom's time zone, by whose months sums are counted.
    """
    found = TableScan(ScannedRows(rails, zone))
    for item in every(table.scan):
        found.rows += 1
        progress(found.rows)
        _take(item, found, email_key)
    seen = found.seen
    for row in {*seen.broken, *(set(seen.guards.values()) - seen.rows)}:
        at = codec.time_of(row[1])
        seen.months[row] = None if at is None else month_of(at, zone)
    seen.derived_sums = {group: _added(parts.values()) for group, parts in found.counts_in.items()}
    return found


def _take(item: Item, found: TableScan, email_key: str) -> None:
    pk, seen = str(item["pk"]), found.seen
    if pk.startswith(_SUPPORTER):
        _take_of_supporter(item, found, email_key)
    elif pk.startswith(_GUARD):
        seen.guards[pk.removeprefix(_GUARD)] = codec.read_guard(item)
    elif pk.startswith(_EVENT):
        _take_event(item, found)
    elif pk.startswith(_EMAIL):
        seen.by_address[pk.removeprefix(_EMAIL)] = SupporterId(str(item.get("supporter")))
    elif pk.startswith(_CUSTOMER):
        seen.by_customer[pk.removeprefix(_CUSTOMER)] = SupporterId(str(item.get("supporter")))
    elif group := sums.group_of(item):
        add_to(seen.sums.setdefault(group, {}), item)
        seen.broken_sums |= {(group, name) for name in COUNTED if name in item and type(item[name]) is not int}


def _take_of_supporter(item: Item, found: TableScan, email_key: str) -> None:
    supporter, sk, seen = keys.supporter_of(item["pk"]), str(item["sk"]), found.seen
    if sk == _PROFILE and isinstance(item.get("email"), str):
        if not item["email"]:
            seen.without_address.add(supporter)
            return
        seen.addresses[supporter] = supporters.email_hash(EmailAddress(item["email"]), email_key)
    elif sk == _ACCESS and (access := _access_of(supporter, item)):
        if access.state.erased is None:
            seen.access[supporter] = access
        else:
            seen.erased.add(supporter)
    elif sk in (_PROFILE, _ACCESS):
        seen.unreadable.add((supporter, sk))
    elif sk.startswith(keys.ENTRY_PREFIX):
        _take_entry(codec.read_entry(item), found)
        found.rails += filter(None, [ledger.say_rail(item)])


def _take_entry(entry: StoredEntry | UnreadableEntry, found: TableScan) -> None:
    row, seen = (entry.supporter, entry.place), found.seen
    if isinstance(entry, UnreadableEntry):
        seen.broken[row] = entry.movement
        return
    in_month = dated(entry, seen.zone)
    seen.entries.append(in_month)
    for group, columns in counted(in_month.entry.movement, in_month.entry.campaign, seen.zone).by_group():
        found.counts_in.setdefault(group, {})[" ".join(row)] = columns


def _take_event(item: Item, found: TableScan) -> None:
    status, event_type, seen = str(item.get("status")), str(item.get("type")), found.seen
    found.events[status] += 1
    rail = seen.rails.get(STRIPE)  # the one rail whose notifications are stored events
    if status != "applied" or rail is None or not rail.tells_of_money(event_type):
        return
    try:
        moved = rail.moved(event_type, unpacked(item))
    except (KeyError, TypeError, zlib.error):
        moved = None
    found.without_movements += moved is None
    seen.claims += moved or []
    seen.disputes |= {one.movement: one.dispute for one in moved or [] if one.dispute}


def dated(found: StoredEntry, zone: tzinfo) -> EntryInMonth:
    """An entry with the month, in the newsroom's time zone, in whose sums it counts."""
    return EntryInMonth(found, month_of(found.entry.movement.occurred_at, zone))


def _access_of(supporter: SupporterId, item: Item) -> StoredAccess | None:
    try:
        return access_of(supporter, item)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def access_of(supporter: SupporterId, item: Item) -> StoredAccess:
    """A supporter's state, and whether they are listed as having a recurring gift that goes on."""
    return StoredAccess(read_state(supporter, item), item.get("gsi1pk") == keys.RECURRING)


def add_to(added: dict[str, int], item: Mapping[str, Any]) -> None:
    """Add the counters of a row to `added`, as far as they are whole numbers."""
    for column in COUNTED:
        value = item.get(column)
        if type(value) is int and value:
            added[column] = added.get(column, 0) + value


def _added(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    added: dict[str, int] = {}
    for part in parts:
        add_to(added, part)
    return added


def sums_now(table: Table, groups: Iterable[Group]) -> tuple[dict[Group, dict[str, int]], dict[Key, Item]]:
    """Read the stored counters of these groups: all shards added up, and the rows of the shards."""
    wanted = set(groups)
    campaigns = sorted({of for scope, of, _ in wanted if scope == "campaign"})
    places = [sums.of_months(table), *(sums.of_campaign(table, slug) for slug in campaigns)]
    added: dict[Group, dict[str, int]] = {}
    rows: dict[Key, Item] = {}
    for item in chain.from_iterable(places):
        group = sums.group_of(item)
        if group in wanted:
            add_to(added.setdefault(group, {}), item)
            rows[str(item["pk"]), str(item["sk"])] = item
    return added, rows


def entries_of(table: Table, supporter: SupporterId, zone: tzinfo) -> list[EntryInMonth]:
    """Read a supporter's entries from the table; those that cannot be parsed are left out."""
    found = ledger.entries_of(table, supporter)
    return [dated(entry, zone) for entry in found if isinstance(entry, StoredEntry)]
