"""Book a line of a provider's books that has no entry, and compare a line with its entry."""

from dataclasses import dataclass
from typing import Literal

from chalicelib.booking.rail import Line, Statement
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rules.movements import Movement
from chalicelib.ledger.rules.stored import ListedEntry
from chalicelib.reconciling.run import Run

Applied = Literal["booked", "foreign", "not booked"]


@dataclass(frozen=True)
class Compared:
    """A line beside its entry. `line`: the amount that counts for the provider, signed, minor units."""

    agrees: bool
    line: int


def compare(line: Line, moved: ListedEntry | Movement | None) -> Compared:
    """Whether a line and its entry agree; an amount within the line's tolerance counts as it was booked."""
    if moved is None or not line.agrees(moved.amount, moved.currency):
        return Compared(agrees=False, line=line.amount)
    return Compared(agrees=True, line=moved.amount)


def entry_for(line: Line, run: Run, statement: Statement) -> tuple[Movement | None, Applied]:
    """The movement that is booked for a line that had no entry, and how it came to be.

    :raises Exception: as booking does; nothing was changed.
    """
    stored = ledger.entry_of(run.deps.table, line.movement)  # maybe booked by now, together with another line's
    if stored is not None:
        return stored.entry.movement, "booked"
    outcome = run.apply(statement.notification(line))
    stored = ledger.entry_of(run.deps.table, line.movement)
    if stored is not None:
        return stored.entry.movement, "booked"
    return None, "not booked" if outcome == "applied" else "foreign"
