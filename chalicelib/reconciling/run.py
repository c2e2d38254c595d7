"""One run of reconcile, shared by all rings: its dependencies and limits, applying what it finds, and its tallies."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from chalicelib.booking.actions.apply import Deps
from chalicelib.booking.actions.apply import apply as apply_notification
from chalicelib.booking.rail import Notification, Outcome
from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.kernel.outages import Outage, Refused
from chalicelib.mail.actions.send import MailSender
from chalicelib.observing.log import log
from chalicelib.reconciling.circuit_breaker import CircuitBreaker, Probes
from chalicelib.reconciling.work_limits import WorkLimits

DAY = 86_400
WINDOW = 35  # days of money to look at: a little more than the 30 days for which a provider lists its events
_NAME = re.compile(r"[A-Za-z0-9_:]{1,255}")


class RingEnded(Exception):
    """A ring cannot go on; what it did stays done. `why`: `time`, or the name of the service that is down."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run of reconcile. `by_hand`: an operator started it, and wants everything looked at.

    `days`: how far a run by hand looks back at money. `share`: of the run's time, after which this part ends. `live`:
    whether this stage takes real money. `on_step`: told how many days of how many are walked, for who waits.
    """

    deps: Deps
    mail_sender: MailSender
    limits: WorkLimits
    now: Callable[[], BusinessTime]
    real_now: Callable[[], RealTime]
    live: bool
    by_hand: bool
    days: int = WINDOW
    share: float = 1.0
    on_step: Callable[[int, int], None] = lambda _done, _of: None

    @property
    def probes(self) -> Probes:
        """Probes of the services that the run depends on; a rail's run adds its provider."""
        return {"table": self.deps.table.describe}

    def breaker(self) -> CircuitBreaker:
        """A new circuit breaker, for one ring."""
        return CircuitBreaker(self.probes)

    def go_on(self) -> None:
        """Check the time; to be called between two steps.

        :raises RingEnded: the time is over.
        """
        if self.limits.over(self.share):
            raise RingEnded("time")

    def apply(self, notification: Notification) -> Outcome:
        """Apply a notification of something that reconcile found, and send the mails that follow from it.

        :raises Exception: as `apply.apply` does; nothing was changed.
        """
        now = self.now()
        applied = apply_notification(notification, self.deps, now=now)
        self.mail_sender.deliver(applied.mails, now)
        return applied.outcome

    def attempt(self, what: str, work: Callable[[], None], breaker: CircuitBreaker, tally: "Tally") -> bool:
        """Do one piece of work; False if it failed, which is counted, named and logged.

        :raises RingEnded: the provider or the table is down, or the time is over.
        """
        self.go_on()
        try:
            work()
        except RingEnded:
            raise
        except Exception as error:
            self.note(what, error, tally)
            if away := breaker.open_for(error):
                raise RingEnded(away) from error
            return False
        breaker.open_for(None)
        return True

    @staticmethod
    def note(what: str, error: Exception, tally: "Tally") -> None:
        """Count, name and log a piece of work that failed."""
        log.warning("not reconciled", what=what, trouble=error)
        if isinstance(error, Outage):
            tally.undecided += 1
        else:
            tally.faults += 1
        tally.bad_lines.append(BadLine(what, kind_of(error)))


@dataclass(frozen=True)
class Part:
    """A part of a ring: its name in what reconcile answers, its tally, and the work that fills it."""

    name: str
    tally: "Tally"
    work: Callable[[], None]


@dataclass(frozen=True)
class BadLine:
    """An object that could not be looked at or applied: its id at the provider and the error's kind, no content."""

    id: str
    why: str


def kind_of(error: Exception) -> str:
    """An error's class name; for a provider's refusal, also the provider's code."""
    code = f": {error.code}" if isinstance(error, Refused) else ""
    return type(error).__name__ + code


def name_of(found: Any) -> str:
    """The id of an object that a provider listed, if it has one that can be shown."""
    name = found.get("id") if isinstance(found, Mapping) else None
    return name if isinstance(name, str) and _NAME.fullmatch(name) else "without a name"


@dataclass
class Tally:
    """What a ring saw and did. `failed`: why it could not finish, as an error's kind, never its message.

    `undecided`: how many could not be looked at, because of an outage. `faults`: how many could not be applied; a
    person must look at those. `bad_lines` names both.
    """

    seen: int = 0
    applied: int = 0
    undecided: int = 0
    faults: int = 0
    failed: str | None = None
    bad_lines: list[BadLine] = field(default_factory=list)

    @property
    def unusable(self) -> int:
        """How many objects a person must look at."""
        return self.faults

    def as_facts(self) -> dict[str, Any]:
        """For the log: the counts, and why it failed."""
        told = ((one.name, getattr(self, one.name)) for one in fields(self))
        return {name: value for name, value in told if isinstance(value, (int, str))}


@dataclass
class EventsTally(Tally):
    """The tally of a ring of events.

    `stored`: how many were new to the inbox; `reopened`: how many were stored before their type had a handler;
    `unreadable`: how many could not be parsed or stored.
    """

    stored: int = 0
    reopened: int = 0
    unreadable: int = 0

    @property
    def unusable(self) -> int:
        """How many events a person must look at, those that cannot be read included."""
        return self.faults + self.unreadable


@dataclass
class Currency:
    """One currency's sums of the days walked, in minor units, as charged: by the provider's books and by the ledger.

    `missing`: the part of `ledger` that the provider does not know.
    """

    provider: int = 0
    ledger: int = 0
    missing: int = 0

    @property
    def unexplained(self) -> int:
        """The provider's sum less the ledger's: positive if the ledger lacks money, negative if it has too much."""
        return self.provider - self.ledger


@dataclass(frozen=True)
class KnownForeign:
    """A foreign movement whose payer is one of our supporters. `amount`: signed, minor units, as charged."""

    id: str
    amount: int
    currency: str


@dataclass
class MoneyTally(Tally):
    """The tally of the ring of money. `foreign`: how many lines were not ours; `fees`: how many fees became known.

    `closed`: how many days were walked to their end with both sides in agreement; `open`: how many movements were
    asked about that no line has told; `changed`: the days that were closed, and were found otherwise now.
    `differences`: the movements on which provider and ledger disagree. `known_foreign`: the foreign ones whose payer
    we know. `left_out`: the money of lines that could not be read, which is in no sum; by the currency that it
    settled in, in minor units.
    """

    foreign: int = 0
    fees: int = 0
    closed: int = 0
    open: int = 0
    changed: list[str] = field(default_factory=list)
    currencies: dict[str, Currency] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)
    known_foreign: list[KnownForeign] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)


@dataclass
class RecurringTally(Tally):
    """The tally of recurring gifts. `foreign`: not ours; `unknown_at_stripe`: ours, but the provider lacks them."""

    foreign: int = 0
    unknown_at_stripe: int = 0
