"""Rings 1 and 2: find events that Stripe made and we never got, or that had no handler when they came.

While the list is read, each event that is not in the inbox is stored before the next one is looked at. Only then they
are applied, oldest first, exactly as a webhook would be. What fails or is not reached stands in the inbox, where the
sweep finds it. So the cursor may move as soon as the list was read to its end.

By the schedule, ring 2 looks at the types that our endpoint is sent: others only repeat them, and applied each hour
they would cost what not asking for them saves. By hand it looks at every type that has a handler, as ring 1 always
does, whose list has what some endpoint was sent.

Many events have the same `created`, and Stripe may list one late: each run begins two hours before the cursor.
"""

import json
from collections.abc import Collection, Iterator
from decimal import Decimal

from chalicelib.inbox import rows as inbox
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.outages import Outage
from chalicelib.observing.log import log
from chalicelib.rails.stripe.enabled_events import ENABLED_EVENTS
from chalicelib.rails.stripe.events.envelope import Event
from chalicelib.rails.stripe.port import Answer
from chalicelib.rails.stripe.receive import parse, store, tried
from chalicelib.rails.stripe.reconcile.run import StripeRun
from chalicelib.rails.stripe.understand import HANDLED
from chalicelib.reconciling import progress
from chalicelib.reconciling.run import DAY, BadLine, EventsTally, RingEnded, kind_of, name_of

UNDELIVERED_FOR = 3 * DAY + 3600  # Stripe tries for three days
REACH = 30 * DAY - 3600  # Stripe's list of events reaches back 30 days
OVERLAP = 2 * 3600
ON_ITS_WAY = 120  # seconds in which a webhook may still come by itself


def undelivered(run: StripeRun, tally: EventsTally) -> None:
    """Ring 1: store and apply events that our endpoint did not take, of the days in which Stripe still tries."""
    listed = run.deps.stripe.events(since=run.now() - UNDELIVERED_FOR, undelivered=True)
    _apply(run, tally, _stored(run, tally, listed, HANDLED)[0])


def all_events(run: StripeRun, tally: EventsTally) -> None:
    """Ring 2: store and apply all events since the last run; in the first run, or by hand, all that Stripe lists."""
    cursor = progress.cursor(run.deps.table, progress.EVENTS)
    since = 0 if run.by_hand or cursor is None else max(run.now() - REACH, cursor - OVERLAP)
    types = HANDLED if run.by_hand else ENABLED_EVENTS.keys()
    found, newest = _stored(run, tally, run.deps.stripe.events(since=since), types)
    # Stripe's clock may be ahead of ours: the cursor must not get ahead of events that are made next.
    progress.move_cursor(run.deps.table, progress.EVENTS, min(max(since, newest), run.now()))
    _apply(run, tally, found)


def _stored(
    run: StripeRun, tally: EventsTally, events: Iterator[Answer], types: Collection[str]
) -> tuple[list[str], int]:
    """Store all events of these types; answers which to apply now, oldest first, and when the newest event was made.

    An event that cannot be parsed, or is too large for the table, is counted and named, and the others go on.
    """
    to_apply: list[str] = []
    by, newest = run.now() - ON_ITS_WAY, 0
    for found in events:
        run.go_on()
        try:
            created = int(found["created"])
            if created > by and not run.by_hand:
                continue  # its webhook may still be on its way
            newest = max(newest, created)
            body = _as_sent(found)
            event = parse(body)
            if event.type in types and _to_apply(event, body, run, tally):
                to_apply.append(event.id)
        except (Outage, Unavailable):
            raise
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one must not keep the others from being stored
            log.warning("event not readable", what=name_of(found), trouble=error)
            tally.unreadable += 1
            tally.bad_lines.append(BadLine(name_of(found), kind_of(error)))
        tally.seen += 1
    return to_apply[::-1], newest


def _as_sent(found: Answer) -> bytes:
    """The bytes of an event as a webhook would have sent it.

    :raises TypeError: it holds a value that JSON cannot hold.
    """
    return json.dumps(found, separators=(",", ":"), default=_wire).encode()


def _wire(value: object) -> str:
    # The SDK makes decimals of strings such as `unit_amount_decimal`.
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(type(value).__name__)


def _to_apply(event: Event, body: bytes, run: StripeRun, tally: EventsTally) -> bool:
    """Store an event; answers whether to apply it now. One that is pending already is left to the sweep."""
    known = inbox.read(run.deps.table, event.id)
    if known is not None and known.status != "unhandled":
        return run.by_hand and known.status == "pending"
    waits = store(event, body, run.deps.table, now=run.now(), live=run.live, by="reconcile")
    if known is None:
        tally.stored += 1
    elif waits:
        tally.reopened += 1
    return waits


def _apply(run: StripeRun, tally: EventsTally, events: list[str]) -> None:
    breaker = run.breaker()
    for event_id in events:
        run.go_on()
        now = run.now()
        error = tried(event_id, run.deps, run.mail_sender, now=now, real_now=run.real_now())
        tally.applied += error is None
        tally.undecided += isinstance(error, Outage)
        tally.faults += error is not None and not isinstance(error, Outage)
        if error is not None:
            tally.bad_lines.append(BadLine(event_id, kind_of(error)))
        if away := breaker.open_for(error):
            raise RingEnded(away)
