"""The books of a million supporters: an ordinary day and a day on which all renew are closed in time. See with -s."""

import pytest

from chalicelib.closing.rows import seals
from chalicelib.closing.rules.days import DAY
from chalicelib.kernel import keys
from chalicelib.kernel.table import Put
from chalicelib.ledger.rules.movements import STRIPE
from tests.closing.fake_books import Books
from tests.closing.nights import NIGHT, TODAY, YESTERDAY, raised

LINES = 22_333  # of a day at a million supporters, as 223 are at ten thousand
SURGE = 60_000


def test_an_ordinary_day_and_an_old_one_again(caplog: pytest.LogCaptureFixture) -> None:
    made = Books(now=NIGHT - DAY)
    for number in range(LINES):
        for day in (TODAY, YESTERDAY):
            made.moves(f"pi_{day.name}_{number}", day.since + number * DAY // LINES)
    made.run(seconds=None)
    made.now = NIGHT
    place = made.table.get(keys.days_walked(STRIPE)) or {}
    made.table.inner.write(Put({**place, "added": YESTERDAY.since - 1, "added_at": 0}))
    made.hours.asked.clear()
    began, read, written = made.hours.now, made.table.read, made.table.written
    found = made.run()
    assert (found.seen, found.failed, found.closed) == (2 * LINES, None, 2)
    took = made.hours.now - began, made.table.read - read, made.table.written - written
    print(len(made.hours.asked), *took)  # noqa: T201 - shown with -s: calls, seconds, read units, writes
    assert len(made.hours.asked) <= 500
    assert made.hours.now - began <= 350
    assert made.table.read - read <= 34_000
    assert made.table.written - written <= 60  # its place, every ten pages
    assert raised(caplog) == []


def test_a_day_of_sixty_thousand_with_a_minute_a_run_is_closed_after_a_few(caplog: pytest.LogCaptureFixture) -> None:
    """As six hundred thousand are with ten minutes: a tenth of both, so that it fits a test."""
    made = Books(now=NIGHT - DAY)
    made.run()
    for number in range(SURGE):
        made.moves(f"pi_{number}", TODAY.since + number * DAY // SURGE)
    made.now = NIGHT
    runs = 0
    while (sealed := seals.read(made.table, TODAY.name, STRIPE)) is None or sealed.state != "closed":
        made.run(seconds=60)
        made.now += 3_600
        runs += 1
        assert runs <= 5
    print(runs, "runs")  # noqa: T201 - shown with -s
    assert raised(caplog) == []
