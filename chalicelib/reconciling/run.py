"""What the rings of reconcile share: what they may use, how they apply what they find, and how one of them ends."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from chalicelib.booking.actions import apply as apply_event
from chalicelib.booking.actions.apply import Deps, Outcome, Told
from chalicelib.mail.actions.send import Postman
from chalicelib.observing.log import log
from chalicelib.rails.stripe.events.registry import BY_OBJECT
from chalicelib.rails.stripe.port import StripeRefused
from chalicelib.rails.stripe.receive import OUTAGES, deliver
from chalicelib.reconciling.circuit_breaker import Lookout
from chalicelib.reconciling.pace import Pace

DAY = 86_400
WINDOW = 35  # days of money: a little more than the 30 days for which Stripe lists events
_NAME = re.compile(r"[A-Za-z0-9_:]{1,255}")


class RingEnded(Exception):  # noqa: N818 - reads as what happened
    """A ring cannot go on; what it did stays done. `why` is `time`, `stripe` or `table`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Run:
    """One run. `deps.stripe` is a paced one; `by_hand`: a person asked, who wants everything looked at.

    `days`: how far the ring of money looks back. `share`: of the time, after which this part ends.
    """

    deps: Deps
    postman: Postman
    pace: Pace
    now: Callable[[], int]
    real_now: Callable[[], int]
    live: bool
    by_hand: bool
    days: int = WINDOW
    share: float = 1.0

    def lookout(self) -> Lookout:
        """A new count of outages, for one ring."""
        return Lookout(self.deps.table, self.deps.stripe)

    def go_on(self) -> None:
        """Between two steps.

        :raises RingEnded: the time is over.
        """
        if self.pace.over(self.share):
            raise RingEnded("time")

    def apply(self, kind: str, found: Mapping[str, Any]) -> Outcome:
        """Apply an object of Stripe's as an event about it would be, and send the mails that this makes true.

        :raises Exception: as `apply_event.apply` does; nothing was changed.
        """
        now = self.now()
        applied = apply_event.apply(Told(BY_OBJECT[kind], found), self.deps, now=now, real_now=self.real_now())
        deliver(applied, self.postman, now)
        return applied.outcome

    def attempt(self, what: str, work: Callable[[], None], lookout: Lookout, tally: "Tally") -> bool:
        """Do one piece of work; what goes wrong is counted, named and logged, and the others go on.

        :raises RingEnded: Stripe or the table is away, or the time is over.
        """
        self.go_on()
        try:
            work()
        except RingEnded:
            raise
        except Exception as error:
            self.note(what, error, tally)
            if away := lookout.away(error, self.now()):
                raise RingEnded(away) from error
            return False
        lookout.away(None, self.now())
        return True

    @staticmethod
    def note(what: str, error: Exception, tally: "Tally") -> None:
        """Count, name and log what could not be done."""
        log.warning("not reconciled", what=what, trouble=error)
        if isinstance(error, OUTAGES):
            tally.undecided += 1
        else:
            tally.faults += 1
        tally.bad_lines.append(Bad(what, kind_of(error)))


@dataclass(frozen=True)
class Bad:
    """What could not be looked at or applied: its name at Stripe, and the kind of trouble. Never what is in it."""

    id: str
    why: str


def kind_of(error: Exception) -> str:
    """An error in one word; of what Stripe refuses, also Stripe's own word for it."""
    code = f": {error.code}" if isinstance(error, StripeRefused) else ""
    return type(error).__name__ + code


def name_of(found: Any) -> str:
    """The name of something that Stripe listed, as far as it has one that can be shown."""
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
    bad_lines: list[Bad] = field(default_factory=list)

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
    """One currency's money in the window, in minor units, as charged. `missing_at_stripe` is a part of `ledger`."""

    stripe: int = 0
    ledger: int = 0
    missing_at_stripe: int = 0

    @property
    def unexplained(self) -> int:
        """What the ledger does not tell (positive), or tells too much of (negative)."""
        return self.stripe - self.ledger


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
