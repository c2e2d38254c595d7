"""Which upgrade steps were done with the whole table, one row each, so that finding out needs no scan."""

from collections.abc import Iterable

from chalicelib.kernel import keys
from chalicelib.kernel.moments import RealTime
from chalicelib.kernel.table import NEW, Put, Table, written
from chalicelib.ledger.rows import sums
from chalicelib.upgrade.steps import STEPS


def lacking(table: Table) -> list[str]:
    """The steps that are not noted as done with the whole table."""
    return [name for name in STEPS if table.get(keys.upgraded(name)) is None]


def has_anything(table: Table) -> bool:
    """Whether the table has rows that a step could be about: booked money, or articles that a CMS put."""
    return sums.has_any(table) or bool(table.query_index(keys.API_KEYS, limit=1).items)


def note(table: Table, steps: Iterable[str], now: RealTime) -> None:
    """Note these steps as done with the whole table; for a table that was just created, all of them."""
    for name in steps:
        pk, sk = keys.upgraded(name)
        written(table, Put({"pk": pk, "sk": sk, "at": now}, NEW))
