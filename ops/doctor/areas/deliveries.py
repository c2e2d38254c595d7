"""Whether Stripe's events reach us, from Stripe's side: what it could not deliver, and whether we have the newest."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from chalicelib.inbox import rows as inbox
from chalicelib.rails.stripe.enabled_events import ENABLED_EVENTS
from ops.doctor.findings import Finding, listing, note, ok, problem, span, warning
from ops.doctor.probe import Probe
from ops.doctor.subject import Subject

DAYS = 3  # how long Stripe goes on trying
ON_ITS_WAY = 900  # seconds: younger than this, an event may simply still be coming
RECONCILED = 2 * 3_600  # seconds in which the rings of reconcile have fetched what did not come
_NEWEST = 5


@dataclass(frozen=True)
class Told:
    """One event at Stripe: when it was made, and whether it is in our inbox."""

    id: str
    type: str
    created: int
    stored: bool


@dataclass(frozen=True)
class Facts:
    """Events of the types that we ask for: those that Stripe could not deliver lately, and the newest of all."""

    undelivered: tuple[Told, ...]
    newest: tuple[Told, ...]


def gather(subject: Subject) -> Facts:
    """Ask Stripe for at most three pages of undelivered events, and look each up in our inbox."""
    reads, since = subject.stripe, {"gte": subject.now() - DAYS * 86_400}

    def told(event: Mapping[str, Any]) -> Told:
        stored = inbox.read(subject.table, event["id"]) is not None
        return Told(event["id"], event["type"], event["created"], stored)

    failed = reads.listed("/v1/events", created=since, delivery_success=False)
    recent = (
        event
        for event in reads.get("/v1/events", limit=100, created=since)["data"]
        if event["type"] in ENABLED_EVENTS
    )
    return Facts(
        tuple(told(event) for event in failed if event["type"] in ENABLED_EVENTS),
        tuple(told(event) for event in islice(recent, _NEWEST)),
    )


def check(facts: Facts, now: int) -> Iterable[Finding]:
    """Report events that are lost, then those that only reconcile brought in."""
    late = [one for one in facts.undelivered if now - one.created > ON_ITS_WAY]
    lost = [one for one in late if not one.stored]
    away = [one for one in facts.newest if now - one.created > ON_ITS_WAY and not one.stored]
    look = "Stripe's dashboard, Developers, Webhooks shows each answer; then: python -m ops reconcile."
    if lost or away:
        oldest = min((*lost, *away), key=lambda one: one.created)
        count = len({one.id for one in (*lost, *away)})
        many = f"{count} event{' at Stripe is' if count == 1 else 's at Stripe are'} not here"
        says = f"{many}; the oldest ({oldest.type}) is {span(now - oldest.created)} old."
        if now - oldest.created > RECONCILED:
            yield problem("events_missing", f"{says} Reconcile did not fetch them either.", look)
        else:
            yield warning("events_late", says, look)
    elif late:
        yield warning(
            "deliveries_failing",
            f"Stripe could not deliver {len(late)} events in {DAYS} days ({_kinds(late)}). Reconcile fetched all, "
            "but Stripe disables an endpoint that fails for days.",
            "Stripe's dashboard, Developers, Webhooks shows each answer of ours.",
        )
    elif facts.newest:
        age = span(max(0, now - facts.newest[0].created))
        yield ok("deliveries", f"Stripe's events arrive; the newest is {age} old.")
    else:
        yield note("deliveries_none", f"Stripe has made no event for us in {DAYS} days: nothing to judge by.")


def _kinds(late: list[Told]) -> str:
    return listing([name for name, _ in Counter(one.type for one in late).most_common()], 3)


PROBES = (Probe("stripe", "deliveries", gather, check),)
