"""Which upgrades were done with the whole table, one row each: so that nobody has to read all of it to know."""

from collections.abc import Iterable

from chalicelib.kernel import keys
from chalicelib.kernel.moments import RealTime
from chalicelib.kernel.table import NEW, Put, Table, written
from chalicelib.upgrade.steps import STEPS


def lacking(table: Table) -> list[str]:
    """The steps that were never done with the whole table."""
    return [name for name in STEPS if table.get(keys.upgraded(name)) is None]


def has_anything(table: Table) -> bool:
    """Whether there is anything that a step could be about: money was booked, or a CMS may have put articles."""
    return bool(table.query(keys.TOTALS, limit=1).items or table.query_index(keys.API_KEYS, limit=1).items)


def note(table: Table, steps: Iterable[str], now: RealTime) -> None:
    """Note that these are done. For a table that was just made: all of them."""
    for name in steps:
        pk, sk = keys.upgraded(name)
        written(table, Put({"pk": pk, "sk": sk, "at": now}, NEW))
