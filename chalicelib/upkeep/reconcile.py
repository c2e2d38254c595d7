"""Reconcile: what Stripe knows and we do not, whatever was lost on the way. Three rings, each wider than the last.

    undelivered   every 10 minutes   events that our endpoint did not take
    events        every hour         all events, since the last run and two hours more
    money         every day          balance transactions and open subscriptions, which need no event at all

Each may be run at any time and any number of times: everything is applied by the same handlers and behind the same
guards as a webhook. What cannot be looked at is counted and named, and the rest goes on. A ring that cannot finish
says why, and in a scheduled run raises an alarm, whatever the reason; the others run all the same.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar

from chalicelib.kernel.errors import Unavailable
from chalicelib.observing.log import alarm, log
from chalicelib.rails.stripe.port import StripeRefused
from chalicelib.rails.stripe.receive import OUTAGES
from chalicelib.rails.stripe.reconcile.events import all_events, undelivered
from chalicelib.rails.stripe.reconcile.money import money
from chalicelib.rails.stripe.reconcile.recurring import recurring
from chalicelib.reconciling.run import EventsTally, MoneyTally, RecurringTally, RingEnded, Run, Tally, kind_of

RINGS = ("undelivered", "events", "money")
Part = TypeVar("Part", bound=Tally)


@dataclass
class Reconciled:
    """What each part found. The ring `money` has two parts: `money` and `recurring`."""

    parts: dict[str, Tally] = field(default_factory=dict)

    @property
    def differs(self) -> bool:
        """Whether Stripe's books and the ledger tell different sums."""
        found = self.parts.get("money")
        return isinstance(found, MoneyTally) and bool(found.differences)

    @property
    def failed(self) -> dict[str, str]:
        """The parts that could not finish, with the reason's kind."""
        return {name: part.failed for name, part in self.parts.items() if part.failed}

    @property
    def unusable(self) -> dict[str, int]:
        """By part, how many could not be looked at or applied, and never will by themselves."""
        return {name: part.unusable for name, part in self.parts.items() if part.unusable}

    def as_json(self) -> dict[str, Any]:
        """For a machine: parts by name, and of money the sums by currency in minor units."""
        told: dict[str, Any] = {name: asdict(part) for name, part in self.parts.items()}
        if isinstance(found := self.parts.get("money"), MoneyTally):
            told["money"]["currencies"] = {
                code: {**asdict(one), "unexplained": one.unexplained}
                for code, one in sorted(found.currencies.items())
            }
        return {"differs": self.differs, **told}


def reconcile(run: Run, rings: Iterable[str] = RINGS) -> Reconciled:
    """Run these rings, in their order. Never raises for what a ring meets: it is told in the ring's `failed`."""
    done = Reconciled()
    wanted = set(rings)
    if "undelivered" in wanted:
        done.parts["undelivered"] = _run("undelivered", undelivered, EventsTally(), run)
    if "events" in wanted:
        done.parts["events"] = _run("events", all_events, EventsTally(), run)
    if "money" in wanted:
        done.parts["money"] = _run("money", money, MoneyTally(), run)
        done.parts["recurring"] = _run("recurring", recurring, RecurringTally(), run)
    return done


def _run(name: str, ring: Callable[[Run, Part], None], tally: Part, run: Run) -> Part:
    try:
        ring(run, tally)
    except RingEnded as ended:
        tally.failed = ended.why
    except (*OUTAGES, Unavailable) as error:
        tally.failed = type(error).__name__
    except StripeRefused as refused:
        # Not for a while but for good: the key may not list this, or the server does not know it.
        tally.failed = kind_of(refused)
        alarm("reconcile_refused", ring=name, why=refused.code)
    except Exception as error:  # noqa: BLE001 - a fault of ours in one ring must not keep the others from running
        tally.failed = type(error).__name__
        alarm("reconcile_failed", ring=name, why=tally.failed)
        log.warning("reconcile failed", ring=name, trouble=error)
    if tally.undecided and tally.failed is None:
        tally.failed = "outage"
    log.info("reconciled", ring=name, **tally.as_facts())
    if not run.by_hand:  # a person is told by the command itself
        _wake(name, tally)
    return tally


def _wake(name: str, tally: Tally) -> None:
    """Nobody watches a scheduled run: what it left undone must be told."""
    if tally.failed:
        alarm("reconcile_unfinished", ring=name, why=tally.failed)
    # An event that is in the inbox has an alarm of its own once it is parked; the smallest ring would repeat itself.
    lost = tally.unreadable if isinstance(tally, EventsTally) else tally.faults
    if lost and name != "undelivered":
        alarm("reconcile_faults", ring=name, faults=lost, first=tally.bad_lines[0].id)
