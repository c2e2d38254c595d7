"""Reconcile: find and book what a provider knows and we do not, in rings, each wider than the last.

A ring may run at any time and any number of times: everything is applied by the same handlers and behind the same
guards as a webhook. What cannot be looked at is counted and named, and the rest goes on. A ring that cannot finish
reports why, and in a scheduled run raises an alarm, whatever the reason; the other rings still run. Stripe's rings:
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
    """The result of a run: each part's tally. The ring `money` has two parts: `money` and `recurring`."""

    parts: dict[str, Tally] = field(default_factory=dict)

    @property
    def differs(self) -> bool:
        """Whether the sums of the provider's books and of the ledger differ."""
        return any(part.differences for part in self.parts.values() if isinstance(part, MoneyTally))

    @property
    def changed(self) -> list[str]:
        """The days that were closed, and that this run found otherwise."""
        return [day for part in self.parts.values() if isinstance(part, MoneyTally) for day in part.changed]

    @property
    def failed(self) -> dict[str, str]:
        """The parts that could not finish, each with the kind of its reason."""
        return {name: part.failed for name, part in self.parts.items() if part.failed}

    @property
    def unusable(self) -> dict[str, int]:
        """By part, how many objects a person must look at, as trying again will not help."""
        return {name: part.unusable for name, part in self.parts.items() if part.unusable}

    def as_json(self) -> dict[str, Any]:
        """The result as JSON: parts by name; for money, the sums by currency in minor units."""
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
    """Run the wanted rings, in their order. Errors of a ring are not raised: its part's `failed` has their kind."""
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
        # Waiting does not help: the key may not list this, or the server does not know it.
        tally.failed = kind_of(refused)
        alarm("reconcile_refused", ring=name, why=refused.code)
    except Exception as error:  # noqa: BLE001 - a fault of ours in one ring must not keep the others from running
        tally.failed = type(error).__name__
        alarm("reconcile_failed", ring=name, why=tally.failed)
        log.warning("reconcile failed", ring=name, trouble=error)
    if tally.undecided and tally.failed is None:
        tally.failed = "outage"
    log.info("reconciled", ring=name, **tally.as_facts())
    if not run.by_hand:  # the command shows it to whoever runs it by hand
        _wake(name, tally)
    return tally


def _wake(name: str, tally: Tally) -> None:
    """Raise alarms for what a scheduled run could not do, as nobody watches it."""
    if tally.failed:
        alarm("reconcile_unfinished", ring=name, why=tally.failed)
    # Events in the inbox raise an alarm of their own once they are parked; the smallest ring would repeat itself.
    lost = tally.unreadable if isinstance(tally, EventsTally) else tally.faults
    if lost and name != "undelivered":
        alarm("reconcile_faults", ring=name, faults=lost, first=tally.bad_lines[0].id)
