"""Gifts to number, and a look at all numbers afterwards."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.kernel.table import Table
from chalicelib.ledger.actions.check_receipts import NumberWrong, wrong_numbers
from chalicelib.ledger.actions.number_receipts import ReceiptNumbers
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rows import receipts
from chalicelib.ledger.rules.movements import Entry, Movement
from chalicelib.ledger.rules.stored import StoredEntry
from testkit.clock import NOW
from testkit.harness import Harness

GIFT = Movement("pi_0", "gift", "pi_0", 500, "eur", NOW, livemode=False, payer="Марія К.", rail="stripe")


def numbers(harness: Harness, table: Table | None = None) -> ReceiptNumbers:
    """Gives numbers by the harness's newsroom."""
    return ReceiptNumbers(table or harness.table, harness.newsroom)


def booked(harness: Harness, count: int, first: int = 0) -> list[StoredEntry]:
    """So many gifts, each of a supporter of its own, a second after the other."""
    found = []
    for number in range(first, first + count):
        name = f"pi_{number}"
        moved = replace(GIFT, id=name, gift=name, occurred_at=NOW + number)
        supporter = harness.supporter(f"{number}@reader.example")
        harness.table.transact(ledger.book([Entry(moved)], supporter, harness.newsroom.zone))
        stored = ledger.entry_of(harness.table, name)
        assert stored
        found.append(stored)
    return found


def wrong(table: Table, year: int) -> list[NumberWrong]:
    """Every gap and double of a year."""
    return [one for one in wrong_numbers(table, year) if one]


def given(table: Table, gifts: Sequence[StoredEntry]) -> list[str]:
    """The numbers of these gifts that have one, in order."""
    found = (receipts.number_of_gift(table, one.supporter, one.entry.movement.id) for one in gifts)
    return sorted(number for number in found if number)
