"""Write what rows of earlier releases lack, beside live traffic, any number of times.

The table is read page after page, and the rows of a page are looked at side by side, as most of the time is waiting
for the table. Nothing is remembered in between: after an interruption it begins anew and finds less to do. What is
written meanwhile by the present release lacks nothing, so that one complete pass is enough; it is noted at its end.
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
    """What came of it, by step. `lacking`: how many rows lacked it; `written`: how many of them do no more.

    `noted`: the steps that are known to be done with the whole table.
    """

    rows: int = 0
    lacking: Counter[str] = field(default_factory=Counter)
    written: Counter[str] = field(default_factory=Counter)
    noted: tuple[str, ...] = ()

    @property
    def left(self) -> int:
        """How many rows still lack something."""
        return (self.lacking - self.written).total()

    def as_json(self) -> Mapping[str, Any]:
        """The same, for a machine."""
        steps = {
            name: {"lacking": self.lacking[name], "written": self.written[name], "noted": name in self.noted}
            for name in STEPS
        }
        return {"rows": self.rows, "left": self.left, "steps": steps}


def upgrade(table: Table, *, write: bool, now: RealTime, progress: Progress = lambda _rows: None) -> Upgraded:
    """Find what is lacking in the whole table, and with `write` write it and note that it is done.

    :param now: real seconds.
    :raises TableUnavailable: some of it may be written; calling it again goes on.
    """
    done = Upgraded()
    start = None
    with ThreadPoolExecutor(_SIDE_BY_SIDE) as side_by_side:
        while True:
            page = table.scan(start=start)
            for name, is_written in side_by_side.map(partial(_upgraded_row, table, write), page.items):
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


def _upgraded_row(table: Table, write: bool, item: Item) -> tuple[str, bool]:
    """The step that a row lacked, empty for none, and whether that is written now. A row lacks one at most."""
    for name, step in STEPS.items():
        if change := step.change(item, table):
            return name, write and _written(table, step, change)
    return "", False


def _written(table: Table, step: Step, change: Update | None) -> bool:
    """Write it; where the row has changed meanwhile, as it is then. One that is gone lacks nothing."""
    for _ in range(_MOST_TRIES):
        if change is None or written(table, change):
            return True
        item = table.get(change.key)
        change = step.change(item, table) if item else None
    return change is None
