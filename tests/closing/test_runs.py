"""Runs as they should not be: cut off, two at once, killed between any two writes, late by months, by hand."""

from typing import Any

import pytest

from chalicelib.closing.rows import seals
from chalicelib.closing.rules.days import DAY
from chalicelib.ledger.rules.movements import STRIPE
from tests.closing.fake_books import Books, Killed
from tests.closing.nights import NIGHT, TODAY, booked, full, raised, seal


def test_a_run_goes_on_where_the_last_one_had_no_time(caplog: pytest.LogCaptureFixture) -> None:
    made = full(4000, told=False)
    runs = 0
    while seals.read(made.table, TODAY.name, STRIPE) is None:
        found = made.run(seconds=4)
        assert found.failed is None
        made.now += 3600
        runs += 1
    assert runs > 2
    assert made.asked == [], "nothing is taken for open at the place where it goes on"
    assert seal(made).state == "closed"
    assert seal(made).sums["eur"].provider.count == 4000
    assert raised(caplog) == []


def test_two_runs_at_once_seal_the_same() -> None:
    made = full(300, told=False)

    def another(page: list[Any]) -> list[Any]:
        made.shown = list
        made.run()
        return page

    made.shown = another
    made.run()
    assert seal(made).state == "closed"
    assert seal(made).sums["eur"].ledger.count == 300
    assert booked(made) == sum(500 + one for one in range(300))


def test_a_run_that_is_killed_between_any_two_writes_is_gone_on_with() -> None:
    whole = full(30, told=False)
    before = whole.table.written
    whole.run()
    writes = whole.table.written - before
    assert writes > 60
    for number in range(1, writes + 1):
        made = full(30, told=False)
        made.table.killed_at = made.table.written + number
        with pytest.raises(Killed):
            made.run()
        made.table.killed_at = -1
        made.now += 3600
        made.run()
        assert seal(made).sums == seal(whole).sums, number
        assert seal(made).state == "closed"
        assert booked(made) == booked(whole)


def test_a_place_that_is_months_old_is_gone_on_with() -> None:
    made = full(10)
    made.now += 100 * DAY
    assert made.run().closed >= 100
    assert seals.place(made.table, STRIPE).through >= made.now - 2 * DAY  # type: ignore[union-attr] # it is there


def test_by_hand_all_is_walked_and_sealed_and_the_schedule_has_nothing_left() -> None:
    made = Books(now=NIGHT)
    for day in range(3):
        made.moves(f"pi_{day}", TODAY.since - day * DAY + 60, told=False)
    found = made.run(by_hand=True)
    assert (found.applied, found.closed) == (3, 35)
    again = made.run()
    assert (again.applied, again.closed) == (0, 1), "one old day is added up again"
