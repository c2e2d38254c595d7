"""The ledger's sums, stored as counters in shards: adding to a shard, and adding up all shards.

The shards of a sum stand in eight partitions, so that an hour in which everybody renews meets no partition's limit;
those that an earlier release wrote stand in one, and count as well.
"""

import re
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain

from chalicelib.kernel import keys
from chalicelib.kernel.table import Change, Item, Key, Table, Update, every
from chalicelib.ledger.rules.sums import Counted, Group, Sums, Total

_MONTH = re.compile(r"\d{4}-\d\d")
_KEY_OF_A_SHARD = 3  # parts: `2026-09#eur#0`, `TOTAL#eur#0`


def add(all_counted: Sequence[Counted]) -> list[Change]:
    """The changes that add what entries count to the sums of their months and campaigns."""
    # The shard is chosen anew at every try, so that a transaction that met another one takes another shard. It is one
    # for the whole transaction, in which DynamoDB allows one change per item: so what falls on one row is added up.
    shard = secrets.randbelow(keys.SUM_SHARDS)
    sums: defaultdict[Key, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for one in all_counted:
        for group, columns in one.by_group():
            for column, amount in columns.items():
                sums[shard_of(group, shard)][column] += amount
    return [Update(key, add=dict(columns)) for key, columns in sums.items()]


def shard_of(group: Group, shard: int) -> Key:
    """The key of one of a group's shards."""
    scope, of, currency = group
    return keys.total(of, currency, shard) if scope == "month" else keys.campaign_total(of, currency, shard)


def group_of(item: Item) -> Group | None:
    """The group whose sums a row is a shard of; None for any other row."""
    pk, sk = str(item["pk"]), str(item["sk"])
    parts = sk.split("#")
    if len(parts) != _KEY_OF_A_SHARD:
        return None
    if pk in keys.all_totals():
        return "month", parts[0], parts[1]
    if pk.startswith(keys.CAMPAIGN_PREFIX) and sk.startswith(keys.CAMPAIGN_TOTAL_PREFIX):
        return "campaign", pk.removeprefix(keys.CAMPAIGN_PREFIX).partition("#")[0], parts[1]
    return None


def of_months(table: Table) -> Iterator[Item]:
    """The shards of all months."""
    return chain.from_iterable(every(partial(table.query, one)) for one in keys.all_totals())


def of_campaign(table: Table, slug: str) -> Iterator[Item]:
    """The shards of one campaign."""
    queries = (partial(table.query, one, prefix=keys.CAMPAIGN_TOTAL_PREFIX) for one in keys.all_of_campaign(slug))
    return chain.from_iterable(map(every, queries))


def has_any(table: Table) -> bool:
    """Whether anything was ever counted."""
    return any(table.query(one, limit=1).items for one in keys.all_totals())


def months(table: Table) -> set[str]:
    """The newsroom's months (`2026-08`) that have sums."""
    return {of for of, _ in map(_named, of_months(table)) if _MONTH.fullmatch(of)}


def totals(table: Table) -> dict[str, Sums]:
    """The sums of all months, by currency."""
    return {one.currency: one.sums for one in _added(of_months(table), lambda _: "")}


def totals_by_month(table: Table) -> list[Total]:
    """The sums of every month (`2026-08`, the newsroom's), in order of time."""
    return _added(of_months(table), lambda row: _named(row)[0])


def totals_of_campaign(table: Table, slug: str) -> list[Total]:
    """The sums of one campaign, by currency."""
    return _added(of_campaign(table, slug), lambda _: slug)


def _added(rows: Iterable[Item], of: Callable[[Item], str]) -> list[Total]:
    found: dict[tuple[str, str], Total] = {}
    for row in rows:
        key = of(row), _named(row)[1]
        found.setdefault(key, Total(*key)).sums.add(row)
    return [found[key] for key in sorted(found)]


def _named(row: Item) -> tuple[str, str]:
    """A shard's month or campaign, and its currency; for a row with any other key, its sort key in both places."""
    group = group_of(row)
    return (group[1], group[2]) if group else (str(row["sk"]), str(row["sk"]))
