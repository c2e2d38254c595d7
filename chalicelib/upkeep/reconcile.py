"""Reconcile: what a provider knows and we do not, whatever was lost on the way, in rings each wider than the last.

Each may be run at any time and any number of times: everything is applied by the same handlers and behind the same
guards as a webhook. What cannot be looked at is counted and named, and the rest goes on. A ring that cannot finish
says why, and in a scheduled run raises an alarm, whatever the reason; the others run all the same. Stripe's rings:
`rails/stripe/reconcile/rings.py`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.outages import Outage, Refused
from chalicelib.observing.log import alarm, log
from chalicelib.reconciling.run import EventsTally, MoneyTally, Part, RingEnded, Run, Tally, kind_of


@dataclass
class Reconciled:
    """What each part found. The ring `money` has two parts: `money` and `recurring`."""

    parts: dict[str, Tally] = field(default_factory=dict)

    @property
    def differs(self) -> bool:
        """Whether the provider's books and the ledger tell different sums."""
        return any(part.differences for part in self.parts.values() if isinstance(part, MoneyTally))

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
        parts: dict[str, Any] = {name: asdict(part) for name, part in self.parts.items()}
        for name, found in self.parts.items():
            if isinstance(found, MoneyTally):
                parts[name]["currencies"] = {
                    code: {
                        "stripe": one.provider,
                        "ledger": one.ledger,
                        "missing_at_stripe": one.missing,
                        "unexplained": one.unexplained,
                    }
                    for code, one in sorted(found.currencies.items())
                }
        return {"differs": self.differs, **parts}


def reconcile(run: Run, rings: Mapping[str, Sequence[Part]], wanted: Iterable[str]) -> Reconciled:
    """Run the wanted rings, in their order. Never raises for what a ring meets: it is told in its part's `failed`."""
    done = Reconciled()
    asked = set(wanted)
    for part in (part for name, parts in rings.items() if name in asked for part in parts):
        done.parts[part.name] = _run(part, run)
    return done


def _run(part: Part, run: Run) -> Tally:
    name, tally = part.name, part.tally
    try:
        part.work()
    except RingEnded as ended:
        tally.failed = ended.why
    except (Outage, Unavailable) as error:
        tally.failed = type(error).__name__
    except Refused as refused:
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
