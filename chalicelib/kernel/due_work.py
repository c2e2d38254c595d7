"""The list of what the sweep takes up, first due first: mails to send and statements to follow.

One list for every kind of row: the sweep learns with one question that nothing is due, however many kinds there are.
Only the events of the inbox have a list of their own, as their parked ones stand in it, too.
"""

from collections.abc import Iterator
from functools import partial

from chalicelib.kernel import keys
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import Item, Table, every

_PAGE = 100


def listed(name: str, due: int) -> dict[str, str]:
    """The attributes that list a row as due at a time, in seconds; `name` sorts those that are due together."""
    return {"gsi1pk": keys.DUE_WORK, "gsi1sk": f"{keys.moment(due)}#{name}"}


def waits(table: Table, due_by: BusinessTime | None) -> bool:
    """Whether anything is due by then; None: whether anything is listed at all."""
    return bool(table.query_index(keys.DUE_WORK, up_to=_bound(due_by), limit=1).items)


def due(table: Table, prefix: str, due_by: BusinessTime | None) -> Iterator[Item]:
    """The listed rows whose partition begins with `prefix`, first due first; pages are read as they are needed.

    :param due_by: only those due by then; None: all, and one that fails during the iteration comes a second time.
    """
    rows = every(partial(table.query_index, keys.DUE_WORK, up_to=_bound(due_by), limit=_PAGE))
    return (row for row in rows if str(row["pk"]).startswith(prefix))


def _bound(due_by: BusinessTime | None) -> str | None:
    return None if due_by is None else f"{keys.moment(due_by)}~"
