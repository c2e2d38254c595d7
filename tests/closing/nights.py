"""A newsroom in the night after a day of gifts, when that day may be closed."""

import logging

import pytest

from chalicelib.closing.rows import seals
from chalicelib.closing.rules.days import DAY, READY, Day, named
from chalicelib.closing.rules.seal import DaySeal
from chalicelib.ledger.rules.movements import STRIPE
from tests.closing.fake_books import ZONE, Books

TODAY = named("2026-11-28", ZONE)
YESTERDAY = named("2026-11-27", ZONE)
NIGHT = TODAY.until + READY  # when the day may be closed


def books() -> Books:
    """A newsroom that has walked all days up to yesterday."""
    made = Books(now=YESTERDAY.until + READY)
    made.run()
    made.now = NIGHT
    return made


def full(count: int, *, told: bool = True) -> Books:
    """The same, with so many gifts today."""
    made = books()
    for number in range(count):
        made.moves(f"pi_{number}", TODAY.since + number * (DAY // count), 500 + number, told=told)
    return made


def seal(made: Books, day: Day = TODAY) -> DaySeal:
    """The seal of a day."""
    found = seals.read(made.table, day.name, STRIPE)
    assert found is not None
    return found


def booked(made: Books) -> int:
    """What is booked, in cents."""
    rows = made.table.inner.rows()  # type: ignore[attr-defined] # a table in memory
    return sum(row["amount"] for row in rows if row["sk"].startswith("MONEY#"))


def raised(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The alarms, and forgets them."""
    found = [one.getMessage() for one in caplog.records if one.levelno == logging.ERROR]
    caplog.clear()
    return found
