"""Everything that a supporter gave, payments of recurring gifts too, a page at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chalicelib.account.actions.manage import ShownGift, shown_gift
from chalicelib.kernel.table import Table
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rules.movements import Movement
from chalicelib.ledger.rules.stored import StoredEntry
from chalicelib.supporters.rules.state import State


@dataclass(frozen=True)
class History:
    """Some of a supporter's gifts, newest first. `older`: the id after which others stand; None: there are none."""

    gifts: Sequence[ShownGift]
    older: str | None = None


def history(table: Table, state: State, *, after: str | None = None, most: int) -> History:
    """The gifts behind the one with the id `after`, else the newest ones; behind an unknown id there are none."""
    found: list[ShownGift] = []
    for moved in _behind(_gifts(table, state), after):
        if len(found) == most:
            return History(found, found[-1].gift.id)
        found.append(shown_gift(moved, state.standing))
    return History(found)


def _gifts(table: Table, state: State) -> Iterator[Movement]:
    for one in ledger.entries_of(table, state.id):
        if isinstance(one, StoredEntry) and one.entry.movement.kind == "gift":
            yield one.entry.movement


def _behind(gifts: Iterator[Movement], after: str | None) -> Iterator[Movement]:
    if after is not None:
        next((gift for gift in gifts if gift.id == after), None)
    return gifts
