"""What the rings of reconcile share: what they may use, how they apply what they find, and how one of them ends."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from chalicelib.actions import apply_event
from chalicelib.actions.apply_event import Deps, Outcome, Told
from chalicelib.actions.lookout import Lookout
from chalicelib.actions.pace import Pace
from chalicelib.actions.receive_event import OUTAGES, deliver
from chalicelib.actions.send_mail import Postman
from chalicelib.log import log
from chalicelib.stripe_events.registry import BY_OBJECT

DAY = 86_400
WINDOW = 35  # days of money: a little more than the 30 days for which Stripe lists events


class RingEnded(Exception):  # noqa: N818 - reads as what happened
    """A ring cannot go on; what it did stays done. `why` is `time`, `stripe` or `table`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Run:
    """One run. `deps.stripe` is a paced one; `by_hand`: a person asked, who wants everything looked at.

    `days`: how far the ring of money looks back.
    """

    deps: Deps
    postman: Postman
    pace: Pace
    now: Callable[[], int]
    real_now: Callable[[], int]
    live: bool
    by_hand: bool
    days: int = WINDOW

    def lookout(self) -> Lookout:
        """A new count of outages, for one ring."""
        return Lookout(self.deps.table, self.deps.stripe)

    def go_on(self) -> None:
        """Between two steps.

        :raises RingEnded: the time is over.
        """
        if self.pace.over():
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
        """Do one piece of work; what goes wrong is counted and logged, and the others go on.

        :raises RingEnded: Stripe or the table is away.
        """
        self.go_on()
        try:
            work()
        except Exception as error:
            log.warning("not reconciled", what=what, trouble=error)
            if isinstance(error, OUTAGES):
                tally.undecided += 1
            else:
                tally.faults += 1
            if away := lookout.away(error, self.now()):
                raise RingEnded(away) from error
            return False
        lookout.away(None, self.now())
        return True


@dataclass
class Tally:
    """What a ring saw and did. `failed` is why it could not finish: a kind, never words.

    `undecided` could not be looked at (an outage), `faults` could not be applied: a person must look at those.
    """

    seen: int = 0
    applied: int = 0
    undecided: int = 0
    faults: int = 0
    failed: str | None = None

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


@dataclass
class MoneyTally(Tally):
    """Of money, also: how many were none of ours, whose fee became known, and the movements that do not add up."""

    foreign: int = 0
    fees: int = 0
    currencies: dict[str, Currency] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)


@dataclass
class RecurringTally(Tally):
    """Of recurring gifts, also: how many were none of ours, and how many of ours Stripe does not know."""

    foreign: int = 0
    unknown_at_stripe: int = 0
