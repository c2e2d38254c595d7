"""Our own queues in the table: events still to apply, events parked for a person, mails still to send."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from chalicelib.inbox import rows as inbox
from chalicelib.kernel import keys
from chalicelib.mail.rows import outbox
from ops.doctor.findings import Finding, ok, problem, span, warning
from ops.doctor.probe import Probe
from ops.doctor.subject import Subject

LATE = 900  # seconds: three sweeps
LONG = 3_600
_MOST = 200  # mails that are looked at


@dataclass(frozen=True)
class Facts:
    """The times at which pending and parked events were received, and at which unsent mails were due."""

    pending: tuple[int, ...]
    parked: tuple[int, ...]
    mails_due: tuple[str, ...]


def gather(subject: Subject) -> Facts:
    """Read the index's partitions of pending work."""
    waiting = inbox.waiting(subject.table)
    mails = islice(outbox.unsent_mails(subject.table, None), _MOST)
    due = (subject.table.get(keys.mail(name)) for name in mails)
    return Facts(
        tuple(int(one["received_at"]) for one in waiting if one["status"] == "pending"),
        tuple(int(one["received_at"]) for one in waiting if one["status"] == "parked"),
        tuple(str(item["due"]) for item in due if item and item["status"] == "unsent"),
    )


def check(facts: Facts, now: int) -> Iterable[Finding]:
    """Report events and mails that wait too long: an event that waits is a gift that is not booked yet."""
    found = [*_events(facts, now), *_mails(facts, now)]
    yield from found or [ok("inbox", "No event and no mail is waiting.")]


def _events(facts: Facts, now: int) -> Iterable[Finding]:
    if facts.parked:
        yield problem(
            "inbox_parked",
            f"{_many(len(facts.parked), 'event')} could not be applied and wait for a person, the oldest for "
            f"{span(now - min(facts.parked))}.",
            "python -m ops inbox says why; after the mend: python -m ops inbox retry EVENT.",
        )
    age = now - min(facts.pending, default=now)
    if age > LATE:
        says = f"{_many(len(facts.pending), 'event')} wait to be applied, the oldest for {span(age)}."
        told = problem if age > LONG else warning
        yield told("inbox_old", says, "python -m ops inbox says why; python -m ops sweep tries all of them now.")


def _mails(facts: Facts, now: int) -> Iterable[Finding]:
    overdue = [due for due in facts.mails_due if due < keys.moment(now - LATE)]
    if overdue:
        many = f"{_many(len(overdue), 'mail')}{' or more' if len(facts.mails_due) == _MOST else ''}"
        says = f"{many} to supporters should have been sent; the first was due at {min(overdue)}."
        yield warning("outbox_old", says, "See the mail checks; python -m ops sweep tries again now.")


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


PROBES = (Probe("books", "the inbox and the outbox", gather, check),)
