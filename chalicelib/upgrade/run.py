"""Write what rows of earlier releases lack, beside live traffic, any number of times.

The table is read page by page, and the rows of a page are looked at in parallel, as most of the time is waiting for
the table. No progress is stored: after an interruption it begins anew and finds less to do. Rows that the present
release writes meanwhile lack nothing, so one complete pass is enough; it is noted at its end. One exception: an event
that came before its supporter was known says whom it was about only after a later run.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from chalicelib.kernel.moments import RealTime
from chalicelib.kernel.table import Item, Table, Update, written
from chalicelib.upgrade import rows
from chalicelib.upgrade.steps import STEPS, Step

Progress = Callable[[int], None]  # rows read so far
_SIDE_BY_SIDE = 8
_MOST_TRIES = 5


@dataclass
class Upgraded:
    """The result of an upgrade, counted by step. `lacking`: rows that lacked something; `written`: those that got it.

    `noted`: the steps that are now noted as done with the whole table.
    """

    rows: int = 0
    lacking: Counter[str] = field(default_factory=Counter)
    written: Counter[str] = field(default_factory=Counter)
    noted: tuple[str, ...] = ()

    @property
    def left(self) -> int:
        """How many rows still lack something after the run."""
        return (self.lacking - self.written).total()

    def as_json(self) -> Mapping[str, Any]:
        """The result as JSON."""
        steps = {
            name: {"lacking": self.lacking[name], "written": self.written[name], "noted": name in self.noted}
            for name in STEPS
        }
        return {"rows": self.rows, "left": self.left, "steps": steps}


def upgrade(
    table: Table, *, write: bool, now: RealTime, email_key: str, progress: Progress = lambda _rows: None
) -> Upgraded:
    """Find what rows of the whole table lack; with `write`, write it and note the steps as done.

    :param now: real time, for the note.
    :param email_key: of the keyed hashes.
    :raises TableUnavailable: some of it may be written; calling it again goes on.
    """
    done = Upgraded()
    start = None
    with ThreadPoolExecutor(_SIDE_BY_SIDE) as side_by_side:
        while True:
            page = table.scan(start=start)
            for name, is_written in side_by_side.map(partial(_upgraded_row, table, write, email_key), page.items):
                done.rows += 1
                done.lacking[name] += bool(name)
                done.written[name] += is_written
                progress(done.rows)
            start = page.next
            if start is None:
                break
    if write:
        rows.note(table, (name for name in STEPS if done.lacking[name] == done.written[name]), now)
    unknown = rows.lacking(table)
    done.noted = tuple(name for name in STEPS if name not in unknown)
    return done


def _upgraded_row(table: Table, write: bool, key: str, item: Item) -> tuple[str, bool]:
    """The name of the step that a row needs (at most one; empty for none), and whether it is written now."""
    for name, step in STEPS.items():
        if change := step.change(item, table, key):
            return name, write and _written(table, step, change, key)
    return "", False


def _written(table: Table, step: Step, change: Update | None, key: str) -> bool:
    """Write the change; if the row has changed meanwhile, read it and try again. A deleted row lacks nothing."""
    for _ in range(_MOST_TRIES):
        if change is None or written(table, change):
            return True
        item = table.get(change.key)
        change = step.change(item, table, key) if item else None
    return change is None
