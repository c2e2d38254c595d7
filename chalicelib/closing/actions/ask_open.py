"""Ask the provider about open movements: what we have booked, and of which no line has told."""

from functools import partial
from typing import Any

from chalicelib.closing.actions.walk_day import Walking
from chalicelib.closing.rows import opens
from chalicelib.closing.rules.days import DAY
from chalicelib.closing.rules.seal import KEPT
from chalicelib.observing.log import alarm
from chalicelib.reconciling.run import Currency, name_of


def ask_open(working: Walking, up_to: int | None) -> None:
    """Ask about each that is due by this second; None: about all.

    One whose line is found is no longer open. One that the provider does not know is a difference. One that has
    waited for its line for more than 35 days raises an alarm.

    :raises RingEnded: the provider or the table is down, or the time is over; the others are asked about next time.
    """
    run, tally = working.run, working.tally
    for item in list(opens.due(run.deps.table, working.statement.rail, up_to)):
        if opens.is_open(item):
            run.attempt(name_of(item), partial(_ask, working, item), working.breaker, tally)


def _ask(working: Walking, item: Any) -> None:
    run, tally, statement = working.run, working.tally, working.statement
    table, now = run.deps.table, run.now()
    moved = opens.read(table, item)
    if moved is None:
        return
    status = statement.look_for(moved.id, moved.kind, moved.occurred_at)
    if status == "listed":
        opens.close(table, moved.day, moved.id, statement.rail, now)
        return
    opens.ask_again(table, moved, statement.rail, status, now)
    tally.open += 1
    if status == "unknown":
        sums = tally.currencies.setdefault(moved.currency, Currency())
        sums.ledger += moved.amount
        sums.missing += moved.amount
        tally.differences.append(moved.id)
    elif now - moved.occurred_at > KEPT * DAY:
        alarm("movement_open", movement=moved.id, days=(now - moved.occurred_at) // DAY)
