"""A check: its facts are gathered with I/O, then judged by a pure function."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from chalicelib.kernel.moments import BusinessTime
from ops.doctor.findings import Finding
from ops.doctor.subject import Subject

F = TypeVar("F")


@dataclass(frozen=True)
class Probe(Generic[F]):
    """One check. `what` completes "could not be checked: …". `not_local`: why the local stage has no such thing.

    `gather` may raise whatever the outside raises: that is reported, and the other checks go on. `check` takes the
    facts and the time (seconds, UTC), and does no I/O.
    """

    area: str
    what: str
    gather: Callable[[Subject], F]
    check: Callable[[F, BusinessTime], Iterable[Finding]]
    not_local: str = ""

    def findings(self, subject: Subject, now: BusinessTime) -> list[Finding]:
        """Gather the facts, then judge them."""
        return list(self.check(self.gather(subject), now))


AnyProbe = Probe[Any]
