"""What a day costs at each size, counted: calls, seconds and read units stay in proportion, writes next to none."""

import pytest

from chalicelib.closing.rules.days import DAY
from chalicelib.kernel import keys
from chalicelib.kernel.table import Item, Put
from chalicelib.ledger.rules.movements import STRIPE
from tests.closing.fake_books import Books
from tests.closing.nights import NIGHT, TODAY, YESTERDAY, raised, seal

# A day at 10,000, 100,000 supporters: movements, and the most that may be asked and read for it.
SIZES = {"10,000 supporters": (223, 10, 10, 340), "100,000 supporters": (2_233, 60, 40, 3_400)}


@pytest.mark.parametrize(("lines", "calls", "seconds", "units"), SIZES.values(), ids=SIZES)
def test_a_day_and_an_old_one_again_cost_what_was_promised(
    lines: int, calls: int, seconds: int, units: int, caplog: pytest.LogCaptureFixture
) -> None:
    made = Books(now=NIGHT - DAY)
    for number in range(lines):
        for day in (TODAY, YESTERDAY):
            made.moves(f"pi_{day.name}_{number}", day.since + number * DAY // lines)
    made.run(seconds=None)
    made.now = NIGHT
    place = made.table.get(keys.days_walked(STRIPE)) or {}
    made.table.inner.write(_again(place, YESTERDAY.since - 1))
    made.hours.asked.clear()
    began, read, written = made.hours.now, made.table.read, made.table.written
    found = made.run()
    assert (found.seen, found.failed, found.closed) == (2 * lines, None, 2)
    assert seal(made).state == "closed"
    assert len(made.hours.asked) <= calls
    assert made.hours.now - began <= seconds
    assert made.table.read - read <= units
    assert made.table.written - written <= 10
    assert raised(caplog) == []


def _again(place: Item, last: int) -> Put:
    """The place, with the day behind this second as the next to be added up again."""
    return Put({**place, "added": last, "added_at": 0})
