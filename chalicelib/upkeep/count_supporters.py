"""Count once a day how many people support the newsroom: reads the ledger of the last twelve months by the index.

What it costs grows with the gifts of a year, and is in docs/units.md. A run that does not come to its end writes
nothing: the count of the day before stays, and after three days none is shown.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from chalicelib.kernel import keys
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime, month_of, neighbours_of
from chalicelib.kernel.table import Table
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rules.stored import ListedEntry, UnreadableEntry
from chalicelib.newsroom.rules import Newsroom
from chalicelib.observing.log import log
from chalicelib.reconciling.work_limits import OutOfTime, WorkLimits
from chalicelib.supporters.rows import how_many, supporters
from chalicelib.supporters.rules import givers as rules
from chalicelib.supporters.rules.givers import Givers

SECONDS = 870.0


def count_supporters(
    table: Table, newsroom: Newsroom, rails: Iterable[str], *, livemode: bool, now: BusinessTime, limits: WorkLimits
) -> Mapping[str, Any]:
    """Count, and write the row; answers `{people, joined}`, or `{stopped: "time"}` if nothing was written."""
    try:
        givers = _givers(table, list(rails), livemode=livemode, now=now, limits=limits)
        givers.without(supporters.erased(table))
        running = [
            one
            for one in _not_given(table, givers, limits)
            if rules.runs(supporters.read_state(table, one, eventual=True))
        ]
        joined = sum(_joined(table, givers, newsroom, now, limits))
    except OutOfTime:
        log.warning("supporters not counted", why="time")
        return {"stopped": "time"}
    found = rules.count(givers, running, joined, now, newsroom.zone)
    how_many.write(table, found)
    log.info("supporters counted", people=found.people, joined=found.joined)
    return {"people": found.people, "joined": found.joined}


def _givers(table: Table, rails: list[str], *, livemode: bool, now: BusinessTime, limits: WorkLimits) -> Givers:
    """Read the ledger month by month, newest first."""
    givers = Givers(now - rules.YEAR, livemode)
    month = keys.month(now)
    # A gift's time is the provider's, whose clock may be a little ahead.
    for one in (neighbours_of(month)[1], *_months_back(month, keys.month(givers.since))):
        _in_time(limits)
        givers.add(entry for rail in rails for entry in _timed(ledger.entries_of_month(table, rail, one), limits))
    return givers


def _months_back(last: str, first: str) -> Iterator[str]:
    while last >= first:
        yield last
        last = neighbours_of(last)[0]


def _timed(
    entries: Iterable[ListedEntry | UnreadableEntry], limits: WorkLimits
) -> Iterator[ListedEntry | UnreadableEntry]:
    for number, entry in enumerate(entries):
        if number % 1000 == 0:
            _in_time(limits)
        yield entry


def _in_time(limits: WorkLimits) -> None:
    if limits.over():
        raise OutOfTime


def _not_given(table: Table, givers: Givers, limits: WorkLimits) -> Iterator[SupporterId]:
    """Those with a recurring gift that has not ended, and no gift of the year: paid for longer, or not at all."""
    for supporter in supporters.with_recurring(table):
        if supporter not in givers.first:
            _in_time(limits)
            yield supporter


def _joined(
    table: Table, givers: Givers, newsroom: Newsroom, now: BusinessTime, limits: WorkLimits
) -> Iterator[bool]:
    """For each who gave in this month and not in the year before it: whether it was their first gift ever."""
    month = month_of(now, newsroom.zone)
    for supporter in rules.in_month(givers.first, month, newsroom.zone):
        _in_time(limits)
        first = rules.first_gift(ledger.entries_of(table, supporter), supporter, livemode=givers.livemode)
        yield month_of(first, newsroom.zone) == month
