"""What the rings of reconcile share: what they may use, how they apply what they find, and how one of them ends."""

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
WINDOW = 35  # days of money: a little more than the 30 days for which Stripe lists events
_NAME = re.compile(r"[A-Za-z0-9_:]{1,255}")


class RingEnded(Exception):
    """A ring cannot go on; what it did stays done. `why`: `time`, or the name of who is away."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run. `by_hand`: a person asked, who wants everything looked at.

    `days`: how far the ring of money looks back. `share`: of the time, after which this part ends. `probes`: who is
    asked whether anybody is there.
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

    @property
    def probes(self) -> Probes:
        """Whom work depends on, and whether they answer; a rail's run adds its provider."""
        return {"table": self.deps.table.describe}

    def breaker(self) -> CircuitBreaker:
        """A new count of outages, for one ring."""
        return CircuitBreaker(self.probes)

    def go_on(self) -> None:
        """Between two steps.

        :raises RingEnded: the time is over.
        """
        if self.limits.over(self.share):
            raise RingEnded("time")

    def apply(self, notification: Notification) -> Outcome:
        """Apply what was found as if the provider had told it, and send the mails that this makes true.

        :raises Exception: as `apply.apply` does; nothing was changed.
        """
        now = self.now()
        applied = apply_notification(notification, self.deps, now=now)
        self.mail_sender.deliver(applied.mails, now)
        return applied.outcome

    def attempt(self, what: str, work: Callable[[], None], breaker: CircuitBreaker, tally: "Tally") -> bool:
        """Do one piece of work; what goes wrong is counted, named and logged, and the others go on.

        :raises RingEnded: the provider or the table is away, or the time is over.
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
        """Count, name and log what could not be done."""
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
    """What could not be looked at or applied: the name at the provider and the kind of trouble, no content."""

    id: str
    why: str


def kind_of(error: Exception) -> str:
    """An error in one word; of what a provider refuses, also its own word for it."""
    code = f": {error.code}" if isinstance(error, Refused) else ""
    return type(error).__name__ + code


def name_of(found: Any) -> str:
    """The name of something that a provider listed, as far as it has one that can be shown."""
    name = found.get("id") if isinstance(found, Mapping) else None
    return name if isinstance(name, str) and _NAME.fullmatch(name) else "without a name"


@dataclass
class Tally:
    """What a ring saw and did. `failed` is why it could not finish: a kind, never words.

    `undecided` could not be looked at (an outage), `faults` could not be applied: a person must look at those.
    `bad_lines` names both.
    """

    seen: int = 0
    applied: int = 0
    undecided: int = 0
    faults: int = 0
    failed: str | None = None
    bad_lines: list[BadLine] = field(default_factory=list)

    @property
    def unusable(self) -> int:
        """How many a person must look at."""
        return self.faults

    def as_facts(self) -> dict[str, Any]:
        """For the log: the counts, and why it failed."""
        told = ((one.name, getattr(self, one.name)) for one in fields(self))
        return {name: value for name, value in told if isinstance(value, (int, str))}


@dataclass
class EventsTally(Tally):
    """Of a ring of events, also: how many were new to the inbox, of a type unknown before, or no events at all."""

    stored: int = 0
    reopened: int = 0
    unreadable: int = 0

    @property
    def unusable(self) -> int:
        """See Tally."""
        return self.faults + self.unreadable


@dataclass
class Currency:
    """One currency's money in the window, in minor units, as charged; `missing` at the provider, of `ledger`."""

    provider: int = 0
    ledger: int = 0
    missing: int = 0

    @property
    def unexplained(self) -> int:
        """What the ledger does not tell (positive), or tells too much of (negative)."""
        return self.provider - self.ledger


@dataclass(frozen=True)
class KnownForeign:
    """A movement without our mark, of somebody whom we know. `amount`: signed, minor units, as charged."""

    id: str
    amount: int
    currency: str


@dataclass
class MoneyTally(Tally):
    """Of money, also: how many were none of ours, whose fee became known, and the movements that do not add up.

    `known_foreign`: those of none of ours whose payer we know. `left_out`: what the lines that could not be read are
    about, by the currency that it settled in, minor units: no sum knows of it.
    """

    foreign: int = 0
    fees: int = 0
    currencies: dict[str, Currency] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)
    known_foreign: list[KnownForeign] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)


@dataclass
class RecurringTally(Tally):
    """Of recurring gifts, also: how many were none of ours, and how many of ours Stripe does not know."""

    foreign: int = 0
    unknown_at_stripe: int = 0
