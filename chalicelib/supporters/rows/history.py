"""A supporter's history: one line for each change, written in the same transaction as the change."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from chalicelib.kernel import keys
from chalicelib.kernel.ids import SupporterId, new_id
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import NEW, Item, Put, Table, every


def line(
    supporter: SupporterId, now: BusinessTime, tags: Iterable[str], *, unique: str | None = None, **facts: Any
) -> Put:
    """The change that writes one line.

    :param tags: `subject:noun:verb`.
    :param unique: tells the line from others of the same second, in its key; random by default.
    :param facts: what a person should find there; never an address. Those that are None are left out.
    """
    pk, sk = keys.log(supporter, now, unique or new_id())
    known = {name: value for name, value in facts.items() if value is not None}
    return Put({"pk": pk, "sk": sk, "tags": list(tags), **known}, NEW)


def lines(table: Table, supporter: SupporterId) -> Iterator[Item]:
    """All lines of a supporter's history, oldest first."""
    return every(partial(table.query, keys.supporter(supporter), prefix=keys.LOG_PREFIX))


def events_of(table: Table, supporter: SupporterId) -> Iterator[str]:
    """The ids of the events that changed a supporter."""
    return (str(one["event"]) for one in lines(table, supporter) if one.get("event"))
