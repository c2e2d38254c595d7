"""Somebody signed in with a history of their own."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.kernel.ids import SupporterId
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rules.movements import Entry, Movement
from testkit.clock import NOW
from testkit.harness import ADA, Harness
from testkit.visitor import Visitor
from tests.ledger.numbering import GIFT

YEAR = datetime.fromtimestamp(NOW).year  # noqa: DTZ006 - far from any year's end


def books(harness: Harness, supporter: SupporterId, *several: Movement, **entry: Any) -> None:
    """Book these movements for a supporter, one after the other."""
    for moved in several:
        harness.table.transact(ledger.book([Entry(moved, **entry)], supporter, harness.newsroom.zone))


def gave(
    harness: Harness, visitor: Visitor, count: int, email: str = ADA, *, first: int = 0, **more: Any
) -> SupporterId:
    """Somebody who gave so many times, a minute after each other, and is signed in here. No receipt has a number."""
    harness.sign_in(visitor, email)
    supporter = harness.state(email).id
    for number in range(first, first + count):
        name = f"pi_{number}"
        values = {"id": name, "gift": name, "occurred_at": NOW + 60 * (number - first), **more}
        books(harness, supporter, replace(GIFT, **values))
    return supporter
