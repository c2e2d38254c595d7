"""Requests to be erased: whether one is late, and whether the law's month is nearly over."""

from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.supporters.rows import erasures
from ops.doctor.findings import Finding, note, ok, problem, span, warning
from ops.doctor.probe import Probe
from ops.doctor.subject import Subject

_DAY = 86_400
LATE = 3 * 3600  # seconds behind the promised time: it begins within an hour, and is looked at again an hour later
# The GDPR gives a month from the request (art. 12(3)); a person needs some days of it.
NEARLY_A_MONTH = 21 * _DAY


@dataclass(frozen=True)
class Facts:
    """Of each open request: when it was asked, and from when on it should be under way."""

    stage: str
    asked: tuple[tuple[int, int], ...]


def gather(subject: Subject) -> Facts:
    """Read the requests that are not done."""
    found = erasures.open_ones(subject.table)
    return Facts(subject.stage, tuple((one.asked_at, one.erase_on) for one in found))


def check(facts: Facts, now: int) -> Iterable[Finding]:
    """Report those that should be done: a service is away, a right is missing, or a person must act first."""
    late = [(asked, due) for asked, due in facts.asked if now - due > LATE]
    mend = (
        f"python -m ops --stage {facts.stage} erased lists them; the log's alarms erasure_waits and erasure_refused "
        "say why (docs/privacy.md)."
    )
    if late:
        oldest, due = min(asked for asked, _ in late), min(due for _, due in late)
        says = f"{_many(len(late))} should be done; the first was due {span(now - due)} ago"
        if now - oldest > NEARLY_A_MONTH:
            yield problem(
                "erasures_overdue", f"{says}, and asked {span(now - oldest)} ago: the law gives a month.", mend
            )
        else:
            yield warning("erasures_late", f"{says}.", mend)
    elif facts.asked:
        yield note("erasures_open", f"{_many(len(facts.asked))} waits for its day, or is under way.", mend)
    else:
        yield ok("erasures", "Nobody waits to be erased.")


def _many(count: int) -> str:
    return f"{count} request{'' if count == 1 else 's'} to be erased"


PROBES = (Probe("books", "requests to be erased", gather, check),)
