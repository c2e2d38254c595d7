"""Rings 1 and 2: events that Stripe made and we never got, or got and could not use then.

Listing makes durable: an event that is not in the inbox is stored before the next one is looked at. Only then they
are applied, oldest first, exactly as a webhook would be; what fails or is not reached is in the inbox, where the
sweep finds it. So the cursor may move as soon as the list came to its end.

Many events carry the same `created`, and Stripe may show one late: each run looks two hours further back than the
last one came.
"""

import json
from collections.abc import Iterator
from decimal import Decimal

from chalicelib.actions.receive_event import OUTAGES, parse, store, tried
from chalicelib.actions.reconcile_run import DAY, EventsTally, RingEnded, Run
from chalicelib.actions.understand import HANDLED
from chalicelib.domain.errors import BadInput
from chalicelib.log import log
from chalicelib.ports import Answer
from chalicelib.store import inbox, reconciled
from chalicelib.stripe_events.envelope import Event

UNDELIVERED_FOR = 3 * DAY + 3600  # Stripe tries for three days
REACH = 30 * DAY - 3600  # Stripe's list of events reaches back 30 days
OVERLAP = 2 * 3600
ON_ITS_WAY = 120  # seconds in which a webhook may still come by itself


def undelivered(run: Run, tally: EventsTally) -> None:
    """Ring 1: what our endpoint did not take, within the days in which Stripe still tries."""
    listed = run.deps.stripe.events(since=run.now() - UNDELIVERED_FOR, undelivered=True)
    _apply(run, tally, _stored(run, tally, _settled(listed, run)))


def all_events(run: Run, tally: EventsTally) -> None:
    """Ring 2: everything since the last run; all that Stripe remembers at the first one and when a person asks."""
    cursor = reconciled.cursor(run.deps.table, reconciled.EVENTS)
    since = 0 if run.by_hand or cursor is None else max(run.now() - REACH, cursor - OVERLAP)
    newest = [since]
    found = _stored(run, tally, _noting(_settled(run.deps.stripe.events(since=since), run), newest))
    # Stripe's clock may be ahead of ours: what is made next must not lie before the cursor.
    reconciled.move_cursor(run.deps.table, reconciled.EVENTS, min(max(newest), run.now()))
    _apply(run, tally, found)


def _settled(events: Iterator[Answer], run: Run) -> Iterator[Answer]:
    """Without those that a webhook may still bring by itself, unless a person asks."""
    by = run.now() - ON_ITS_WAY
    return (event for event in events if run.by_hand or event["created"] <= by)


def _noting(events: Iterator[Answer], created: list[int]) -> Iterator[Answer]:
    for event in events:
        created[0] = max(created[0], event["created"])
        yield event


def _stored(run: Run, tally: EventsTally, events: Iterator[Answer]) -> list[str]:
    """Make all durable; answers which of them to apply now, oldest first."""
    to_apply: list[str] = []
    for told in events:
        run.go_on()
        tally.seen += 1
        try:
            body = _as_sent(told)
            event = parse(body)
        except (BadInput, TypeError) as error:
            log.warning("event not readable", trouble=error)
            tally.unreadable += 1
            continue
        if event.type in HANDLED and _to_apply(event, body, run, tally):
            to_apply.append(event.id)
    return to_apply[::-1]


def _as_sent(told: Answer) -> bytes:
    """An event as it would have come by webhook.

    :raises TypeError: there is something in it that is no JSON.
    """
    return json.dumps(told, separators=(",", ":"), default=_wire).encode()


def _wire(value: object) -> str:
    # The SDK makes decimals of strings such as `unit_amount_decimal`.
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(type(value).__name__)


def _to_apply(event: Event, body: bytes, run: Run, tally: EventsTally) -> bool:
    """Whether to apply it now. One that is pending already is the sweep's, which knows when to try it again."""
    known = inbox.read(run.deps.table, event.id)
    if known is not None and known.status != "unhandled":
        return run.by_hand and known.status == "pending"
    waits = store(event, body, run.deps.table, now=run.now(), live=run.live, by="reconcile")
    if known is None:
        tally.stored += 1
    elif waits:
        tally.reopened += 1
    return waits


def _apply(run: Run, tally: EventsTally, events: list[str]) -> None:
    lookout = run.lookout()
    for event_id in events:
        run.go_on()
        now = run.now()
        error = tried(event_id, run.deps, run.postman, now=now, real_now=run.real_now())
        tally.applied += error is None
        tally.undecided += isinstance(error, OUTAGES)
        tally.faults += error is not None and not isinstance(error, OUTAGES)
        if away := lookout.away(error, now):
            raise RingEnded(away)
