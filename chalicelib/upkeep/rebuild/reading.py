"""Reading what `rebuild` compares: one pass over the whole table, as plain facts."""

import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from functools import partial
from typing import Any

from chalicelib.kernel import keys
from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.moments import month_of
from chalicelib.kernel.table import Item, Key, Table, every
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rules.movements import STRIPE, Entry, Fee, Movement, Period
from chalicelib.rails.stripe.stored_events import tells_of_money, told
from chalicelib.supporters.rows import supporters
from chalicelib.upkeep.rebuild.rules import Access, Group, Kept, Seen

Progress = Callable[[int], None]  # rows read so far

_SUPPORTER, _GUARD, _EVENT = keys.supporter(""), keys.movement("")[0], keys.event("")[0]
_EMAIL, _CUSTOMER, _CAMPAIGN = keys.email("")[0], keys.customer("")[0], keys.campaign("")
_KEY_OF_A_SHARD = 3  # parts: `2026-09#eur#0`, `TOTAL#eur#0`
_PROFILE, _ACCESS = keys.profile("")[1], keys.standing("")[1]


@dataclass
class Everything:
    """One pass over the table. `events`: by status; `not_told`: those about money that do not say what moved.

    `counts_in`: what each entry adds to which sums, so that two passes can be compared.
    """

    seen: Seen = field(default_factory=Seen)
    events: Counter[str] = field(default_factory=Counter)
    not_told: int = 0
    rows: int = 0
    counts_in: dict[Group, dict[str, Mapping[str, int]]] = field(default_factory=dict)


def read_everything(table: Table, email_key: str, zone: tzinfo, progress: Progress) -> Everything:
    """The whole table, row by row; raw events are read and let go. `zone`: by whose months sums are counted."""
    found = Everything(Seen(zone))
    for item in every(table.scan):
        found.rows += 1
        progress(found.rows)
        _take(item, found, email_key)
    found.seen.derived_sums = {group: _added(parts.values()) for group, parts in found.counts_in.items()}
    return found


def _take(item: Item, found: Everything, email_key: str) -> None:
    pk, seen = str(item["pk"]), found.seen
    if pk.startswith(_SUPPORTER):
        _take_of_supporter(item, found, email_key)
    elif pk.startswith(_GUARD):
        seen.guards[pk.removeprefix(_GUARD)] = _row_of(item)
    elif pk.startswith(_EVENT):
        _take_event(item, found)
    elif pk.startswith(_EMAIL):
        seen.by_address[pk.removeprefix(_EMAIL)] = str(item.get("supporter"))
    elif pk.startswith(_CUSTOMER):
        seen.by_customer[pk.removeprefix(_CUSTOMER)] = str(item.get("supporter"))
    elif group := group_of(item):
        add_to(seen.sums.setdefault(group, {}), item)
        seen.broken_sums |= {(group, name) for name in ledger.COUNTED if name in item and type(item[name]) is not int}


def _take_of_supporter(item: Item, found: Everything, email_key: str) -> None:
    supporter, sk, seen = str(item["pk"]).removeprefix(_SUPPORTER), str(item["sk"]), found.seen
    if sk == _PROFILE and isinstance(item.get("email"), str):
        if not item["email"]:
            seen.without_address.add(supporter)
            return
        seen.addresses[supporter] = supporters.email_hash(EmailAddress(item["email"]), email_key)
    elif sk == _ACCESS and (access := _access_of(supporter, item)):
        seen.access[supporter] = access
    elif sk in (_PROFILE, _ACCESS):
        seen.unreadable.add((supporter, sk))
    elif sk.startswith(keys.ENTRY_PREFIX):
        kept = kept_of(item, seen.zone)
        if kept is None:
            seen.broken[supporter, sk] = sk.rpartition("#")[2]
            return
        seen.entries.append(kept)
        counted = ledger.counted(kept.entry.movement, kept.entry.campaign, seen.zone)
        for currency, columns in counted.added.items():
            groups: list[Group] = [("month", counted.month, currency)]
            if counted.campaign:
                groups.append(("campaign", counted.campaign, currency))
            for group in groups:
                found.counts_in.setdefault(group, {})[f"{supporter} {sk}"] = columns


def _take_event(item: Item, found: Everything) -> None:
    status, event_type = str(item.get("status")), str(item.get("type"))
    found.events[status] += 1
    if status != "applied" or not tells_of_money(event_type):
        return
    event_id = str(item["pk"]).removeprefix(_EVENT)
    try:
        body = zlib.decompress(item["body"])
    except (KeyError, TypeError, zlib.error):
        found.not_told += 1
        return
    tellings, disputes, all_of_it = told(event_id, event_type, body)
    found.seen.tellings += tellings
    found.seen.disputes |= disputes
    found.not_told += not all_of_it


def kept_of(item: Item, zone: tzinfo) -> Kept | None:
    """A ledger entry as it is stored; None where parts of it are missing or of another kind."""
    try:
        movement = _movement_of(item)
        entry = Entry(movement, item.get("campaign"), item.get("source"), item.get("tier"), item.get("days"))
        row = str(item["pk"]).removeprefix(_SUPPORTER), str(item["sk"])
        should_be = keys.entry(row[0], movement.occurred_at, movement.id)
        month, listed_in = month_of(movement.occurred_at, zone), keys.month(movement.occurred_at)
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        return None
    listed = (item.get("gsi1pk"), item.get("gsi1sk")) == (
        keys.ledger_month(listed_in),
        f"{keys.moment(movement.occurred_at)}#{movement.id}",
    )
    at_home = should_be[1] == row[1] and item.get("supporter") == row[0]
    wrong = None if at_home and listed else ("place" if not at_home else "listing")
    return Kept(row, month, entry, wrong)


def _movement_of(item: Item) -> Movement:
    fee = Fee(_whole(item["fee"]), str(item["fee_currency"])) if "fee" in item else None
    period = Period(_whole(item["period_start"]), _whole(item["period_end"])) if "period_end" in item else None
    if item["kind"] not in ("gift", "refund", "dispute"):
        raise ValueError(item["kind"])
    return Movement(
        str(item["id"]),
        item["kind"],
        str(item["payment_intent"]),
        _whole(item["amount"]),
        str(item["currency"]),
        _whole(item["occurred_at"]),
        bool(item["livemode"]),
        invoice=item.get("invoice"),
        recurring=item.get("subscription"),
        rail=str(item.get("rail", STRIPE)),
        fee=fee,
        period=period,
    )


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise TypeError(type(value).__name__)
    return value


def _access_of(supporter: str, item: Item) -> Access | None:
    try:
        return access_of(supporter, item)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def access_of(supporter: str, item: Item) -> Access:
    """A supporter's state, and whether they stand in the list of those whose gift goes on."""
    return Access(supporters.state_of(supporter, item), item.get("gsi1pk") == keys.RECURRING)


def group_of(item: Item) -> Group | None:
    """Whose sums a row is a shard of; None for any other row."""
    pk, sk = str(item["pk"]), str(item["sk"])
    parts = sk.split("#")
    if pk == keys.TOTALS:
        return ("month", parts[0], parts[1]) if len(parts) == _KEY_OF_A_SHARD else None
    if pk.startswith(_CAMPAIGN) and sk.startswith(keys.CAMPAIGN_TOTAL_PREFIX):
        return ("campaign", pk.removeprefix(_CAMPAIGN), parts[1]) if len(parts) == _KEY_OF_A_SHARD else None
    return None


def shard_of(group: Group, shard: int) -> Key:
    """One shard's row of a group."""
    scope, of, currency = group
    return keys.total(of, currency, shard) if scope == "month" else keys.campaign_total(of, currency, shard)


def add_to(sums: dict[str, int], item: Mapping[str, Any]) -> None:
    """Take in the counters of a row, as far as they are numbers."""
    for column in ledger.COUNTED:
        value = item.get(column)
        if type(value) is int and value:
            sums[column] = sums.get(column, 0) + value


def _added(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for part in parts:
        add_to(sums, part)
    return sums


def _row_of(guard: Item) -> tuple[str, str]:
    return str(guard.get("supporter")), str(guard.get("entry"))


def sums_now(table: Table, groups: Iterable[Group]) -> tuple[dict[Group, dict[str, int]], dict[Key, Item]]:
    """The counters of these groups, all shards added up; and the rows they stand in."""
    wanted = set(groups)
    campaigns = sorted({of for scope, of, _ in wanted if scope == "campaign"})
    places = [partial(table.query, keys.TOTALS)]
    places += [partial(table.query, keys.campaign(slug), prefix=keys.CAMPAIGN_TOTAL_PREFIX) for slug in campaigns]
    sums: dict[Group, dict[str, int]] = {}
    rows: dict[Key, Item] = {}
    for place in places:
        for item in every(place):
            group = group_of(item)
            if group in wanted:
                add_to(sums.setdefault(group, {}), item)
                rows[str(item["pk"]), str(item["sk"])] = item
    return sums, rows


def entries_of(table: Table, supporter: str, zone: tzinfo) -> list[Kept]:
    """A supporter's entries as they stand now."""
    return [kept for item in ledger.entries_of(table, supporter) if (kept := kept_of(item, zone))]
