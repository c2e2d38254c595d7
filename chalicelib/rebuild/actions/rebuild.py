"""Derive anew what follows from the ledger, compare it with what is stored, and repair it on request.

A pass over the table is no snapshot: what is booked while it runs may be seen in one row and not in another. So if
anything differs, the table is read once more, and only what differs both times is a difference: a booking is one
transaction, so one that was half seen in the first pass is wholly seen in the second.

Sums change all the time, so both sides must be known for the same moment:

    pass 1  |entries------|                    which entries there were
    sums                    |shards|           the moment
    pass 2                           |------entries|

An entry is never deleted, and what it adds to sums never changes. If both passes see the same entries of a month or a
campaign, nothing was booked there while its shards were read in between: the shards must add up to those entries.
Where the passes differ, the sums are read again, a few times.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from functools import partial
from typing import Any

from chalicelib.booking.rail import Rails
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import Item, Key, Table, written
from chalicelib.ledger.rules.sums import Group, Sums
from chalicelib.rebuild.actions.reading import Progress, TableScan, scan_table, sums_now
from chalicelib.rebuild.actions.repair import Repairer
from chalicelib.rebuild.rules import access as rebuilding_access
from chalicelib.rebuild.rules import differences as rebuilding
from chalicelib.rebuild.rules import entries as rebuilding_ledger
from chalicelib.rebuild.rules.differences import Comparison, Difference, judged

# In this order: an uncertain row is reported by the first comparison that notices it.
COMPARISONS: Mapping[str, Comparison] = {
    "readable": rebuilding.compare_readable,
    "guards": rebuilding_ledger.compare_guards,
    "told": rebuilding.compare_events,
    "entries": rebuilding_ledger.compare_entries,
    "grants": rebuilding_access.compare_grants,
    "reversals": rebuilding_access.compare_reversals,
    "recurring": rebuilding_access.compare_recurring,
    "listing": rebuilding_access.compare_listing,
    "addresses": rebuilding.compare_addresses,
    "customers": rebuilding.compare_customers,
    "sums": rebuilding.compare_sums,
}
_MOST_PASSES = 5


@dataclass
class Rebuilt:
    """The result of a rebuild.

    `repaired`: the differences that were repaired. `unclear`: how many further differences were not judged, as they
    may be mere consequences of an uncertain row. `moving`: the groups of sums that changed in every pass and were not
    judged. `rails_written`: how many entries of an earlier release got their rail.
    """

    differences: list[Difference]
    unclear: int
    read: TableScan
    moving: tuple[Group, ...] = ()
    repaired: list[Difference] = field(default_factory=list)
    rails_written: int = 0

    @property
    def left(self) -> list[Difference]:
        """The differences that were not repaired."""
        return [one for one in self.differences if one not in self.repaired]

    @property
    def totals(self) -> dict[str, Sums]:
        """The sums of all ledger entries by currency."""
        sums: dict[str, Sums] = {}
        for (scope, _, currency), entries in self.read.counts_in.items():
            for columns in entries.values() if scope == "month" else ():
                sums.setdefault(currency, Sums()).add(columns)
        return sums


@dataclass
class _Findings:
    """What a comparison found, with the shards' rows as they were when the sums were read."""

    rebuilt: Rebuilt
    rows: Mapping[Key, Item]


def rebuild(
    table: Table,
    email_key: str,
    *,
    rails: Rails,
    repair: bool,
    now: BusinessTime,
    zone: tzinfo,
    progress: Progress = lambda _rows: None,
    comparisons: Mapping[str, Comparison] = COMPARISONS,
) -> Rebuilt:
    """Compare what is stored with what follows from the ledger; with `repair`, write derived rows anew.

    Guards are never changed, and of entries only a rail that an earlier release did not write.

    It may run beside live traffic, and any number of times: rows without a difference are left alone.

    :param now: for the history of supporters whose access is repaired.
    :param rails: they say which ids their movements may have.
    :param zone: the newsroom's time zone. Sums that were counted in another one (UTC in early releases, or another
        zone in the newsroom's file) move to the months of this one.
    :raises TableUnavailable: some of it may be repaired; calling it again goes on.
    """
    findings = _look(partial(scan_table, table, email_key, rails, zone, progress), table, comparisons)
    if repair:
        mender = Repairer(table, email_key, now, findings.rebuilt.read.seen, findings.rows)
        findings.rebuilt.repaired = mender.repair(findings.rebuilt.differences)
        findings.rebuilt.rails_written = sum(written(table, change) for change in findings.rebuilt.read.rails)
    return findings.rebuilt


def _look(read: Callable[[], TableScan], table: Table, comparisons: Mapping[str, Comparison]) -> _Findings:
    before = read()
    differences, unclear = judged(before.seen, comparisons)
    if not differences and not unclear:
        return _Findings(Rebuilt([], 0, before), {})
    for _ in range(_MOST_PASSES):
        groups = {*before.seen.sums, *before.counts_in}
        stored, rows = sums_now(table, groups)
        after = read()
        moving = _moved_between(before, after)
        after.seen.sums = {group: stored.get(group, {}) for group in groups if group not in moving}
        for group in moving:
            after.seen.derived_sums.pop(group, None)
        again, unclear = judged(after.seen, comparisons)
        both = {one.key for one in differences}
        differences = [one for one in again if one.key in both or one.what == "total"]
        before = after
        if not moving:
            break
    return _Findings(Rebuilt(differences, unclear, after, tuple(sorted(moving))), rows)


def _moved_between(before: TableScan, after: TableScan) -> set[Group]:
    """The groups in which something was booked, or a fee settled, between the two passes or during them."""
    groups = {*before.counts_in, *after.counts_in}
    return {group for group in groups if before.counts_in.get(group) != after.counts_in.get(group)}


def as_json(done: Rebuilt) -> Mapping[str, Any]:
    """The result as JSON."""
    seen = done.read.seen
    return {
        "differences": [
            {
                "what": one.what,
                "where": one.where,
                "stored": one.stored,
                "derived": one.derived,
                "mendable": one.repair is not None,
                "mended": one in done.repaired,
            }
            for one in done.differences
        ],
        "unclear": done.unclear,
        "moving": [" ".join(group) for group in done.moving],
        "entries": len(seen.entries) + len(seen.broken),
        "events": sum(done.read.events.values()),
        "waiting": {status: done.read.events[status] for status in ("pending", "parked")},
        "not_told": done.read.without_movements,
        "supporters": len(seen.supporters),
        "totals": {
            currency: {"gross": one.gross, "refunded": one.refunded, "dispute_lost": one.dispute_lost, "net": one.net}
            | {"payments": one.payments, "fees": one.fees}
            for currency, one in sorted(done.totals.items())
        },
    }
