"""Days are walked, booked page by page, sealed, and looked at again, whatever happens to the list and to the run."""

from typing import Any

import pytest

from chalicelib.closing.rows import opens, seals
from chalicelib.closing.rules.days import DAY, day_of
from chalicelib.kernel import keys
from chalicelib.kernel.table import Update
from chalicelib.ledger.rules.movements import STRIPE
from tests.closing.fake_books import ZONE
from tests.closing.nights import TODAY, booked, books, full, raised, seal

# ---- a day ----


@pytest.mark.parametrize("told", [True, False])
def test_a_day_is_walked_booked_and_sealed_to_the_cent(told: bool, caplog: pytest.LogCaptureFixture) -> None:
    made = full(350, told=told)
    found = made.run()
    assert (found.seen, found.applied, found.failed) == (350, 0 if told else 350, None)
    assert seal(made).state == "closed"
    sides = seal(made).sums["eur"]
    assert sides.provider == sides.ledger
    assert (sides.provider.count, sides.provider.amount) == (350, sum(500 + one for one in range(350)))
    assert booked(made) == sides.provider.amount
    assert raised(caplog) == []
    assert made.run().seen == 0, "once"


def test_a_day_without_lines_is_closed_too() -> None:
    made = books()
    assert made.run().closed == 2, "itself, and one old day that is added up again"
    assert (seal(made).state, seal(made).sums) == ("closed", {})


def test_before_its_two_hours_are_over_no_day_is_walked_by_schedule_and_none_is_sealed_by_hand() -> None:
    made = full(3)
    made.now -= 1
    assert made.run().seen == 0
    assert made.run(by_hand=True).seen == 3
    assert seals.read(made.table, TODAY.name, STRIPE) is None


def test_both_sides_of_midnight_are_of_two_days_and_nothing_is_open() -> None:
    """A line is a second behind its entry, and a day behind it, too."""
    made = books()
    made.moves("pi_late", TODAY.until + 1, told=False)
    made.book("pi_late", TODAY.until)
    made.status["pi_late"] = "waiting"
    assert made.run().open == 1
    assert seal(made).sums == {}
    made.now += DAY
    found = made.run()
    assert (found.open, found.differences) == (0, [])
    assert list(opens.due(made.table, STRIPE, None)) == []
    assert seal(made, day_of(TODAY.until + 1, ZONE)).sums["eur"].ledger.count == 1


def test_a_payment_that_moves_weeks_later_is_a_line_of_that_day() -> None:
    made = books()
    made.book("pi_slow", TODAY.since + 100)
    made.status["pi_slow"] = "waiting"
    for _ in range(5):
        assert made.run().open == 1
        made.now += DAY
    assert made.asked == ["pi_slow"] * 5, "once a day"
    made.moves("pi_slow", made.now - DAY, told=False)
    found = made.run()
    assert (found.open, found.differences, found.applied) == (0, [], 0)


def test_what_waits_for_more_than_35_days_wakes_somebody(caplog: pytest.LogCaptureFixture) -> None:
    made = books()
    made.book("pi_never", TODAY.since + 100)
    made.status["pi_never"] = "waiting"
    made.run()
    assert raised(caplog) == []
    made.now += 36 * DAY
    made.run()
    assert raised(caplog) == ["alarm movement_open movement=pi_never days=37"]


def test_what_the_provider_does_not_know_is_a_difference_daily_and_not_hourly(
    caplog: pytest.LogCaptureFixture,
) -> None:
    made = books()
    made.book("pi_made_up", TODAY.since + 100, 700)
    assert made.run().differences == ["pi_made_up"]
    assert "alarm reconcile_difference movements=1 first=pi_made_up" in raised(caplog)
    made.now += 3600
    assert made.run().differences == []
    made.now += DAY
    assert made.run().differences == ["pi_made_up"]


# ---- lists as they should not be ----


def test_pages_that_repeat_count_once() -> None:
    made = full(250)
    last: list[Any] = []

    def repeated(page: list[Any]) -> list[Any]:
        told = [*last[-30:], *page, *page[:10]]
        last[:] = page
        return told

    made.shown = repeated
    made.run()
    assert seal(made).sums["eur"].provider.count == 250
    assert seal(made).state == "closed"


def test_a_list_that_grows_while_it_is_walked_loses_nothing() -> None:
    made = full(250)
    grown: list[int] = []

    def growing(page: list[Any]) -> list[Any]:
        if len(grown) < 5:
            grown.append(1)
            made.moves(f"pi_new_{len(grown)}", TODAY.since + len(grown), 1, told=False)
        return page

    made.shown = growing
    made.run()
    seen = seal(made).sums["eur"].provider.count
    made.shown = list
    found = made.run(by_hand=True)
    assert seal(made).sums["eur"].provider.count == len(made.lines) > 250
    assert bool(found.changed) == (seen < len(made.lines)), "what came late into a day that was closed is told"


@pytest.mark.parametrize("how", ["no amount", "no id", "nothing", "no time"])
def test_a_bad_line_in_the_middle_of_each_page_is_told_and_the_others_are_booked(
    how: str, caplog: pytest.LogCaptureFixture
) -> None:
    made = full(300, told=False)
    bad: dict[str, Any] = {
        "no amount": lambda one: {name: value for name, value in one.items() if name != "amount"},
        "no id": lambda one: {name: value for name, value in one.items() if name != "id"},
        "nothing": lambda _one: None,
        "no time": lambda one: one | {"at": "yesterday"},
    }
    made.shown = lambda page: [bad[how](one) if at == 50 else one for at, one in enumerate(page)]
    found = made.run()
    assert (found.faults, found.applied) == (3, 297)
    assert (seal(made).state, seal(made).bad) == ("differs", 3)
    sides = seal(made).sums["eur"]
    assert sides.provider == sides.ledger
    assert sides.provider.count == 297
    made.shown = list
    made.now += DAY
    assert made.run().applied == 3, "the day is walked again daily"
    assert seal(made).state == "closed"
    assert not [line for line in raised(caplog) if "day_changed" in line], "it never was closed"


def test_a_line_that_changed_and_one_that_came_late_show_when_their_day_is_added_up_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    made = full(20)
    made.run()
    made.moves("pi_late", TODAY.since + 5, 900, told=False)
    changed: list[str] = []
    for _ in range(36):
        made.now += DAY
        changed += made.run().changed
    assert changed == [TODAY.name]
    assert raised(caplog) == [f"alarm day_changed day={TODAY.name}"]
    assert (seal(made).changed, seal(made).sums["eur"].ledger.count) == (1, 21)


@pytest.mark.parametrize("what", ["sums", "state", "until", "since"])
def test_a_seal_that_was_written_over_is_told(what: str, caplog: pytest.LogCaptureFixture) -> None:
    made = full(20)
    made.run()
    key = keys.seal(TODAY.name, STRIPE)
    row = made.table.get(key) or {}
    other: dict[str, Any] = {
        "sums": {"eur": {**row["sums"]["eur"], "ledger": {**row["sums"]["eur"]["ledger"], "amount": 1}}},
        "state": "differs",
        "until": row["until"] - 50_000,
        "since": 5,
    }
    made.table.write(Update(key, set={what: other[what]}))
    changed: list[str] = []
    for _ in range(36):
        made.now += DAY
        changed += made.run().changed
    assert changed == [TODAY.name]
    assert seal(made).state == "closed"
    assert seal(made).day == TODAY
    assert len([line for line in raised(caplog) if "day_changed" in line]) == 1


def test_payments_under_way_are_booked_when_they_have_moved_and_nobody_is_woken(
    caplog: pytest.LogCaptureFixture,
) -> None:
    made = full(10)
    made.lines[4]["pending"] = True
    made.moves("pi_debit", TODAY.since + 7, 5000, told=False)
    next(one for one in made.lines if one["id"] == "pi_debit")["pending"] = True
    made.lines[5].pop("pending", None)
    made.run()
    pending = seal(made).pending
    assert pending >= 1
    for one in made.lines:
        one.pop("pending", None)
    for _ in range(8):
        made.now += DAY
        made.run()
    assert (seal(made).pending, seal(made).sums["eur"].ledger.count) == (0, 11)
    assert [line for line in raised(caplog) if "day_changed" in line] == []
