"""What a seal says, when a day is walked again, and what is told when it is found otherwise."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.closing.rules.days import DAY, Day
from chalicelib.closing.rules.seal import KEPT, DaySeal, again_at, next_to_add, otherwise
from chalicelib.closing.rules.sums import DaySums, Side, agree, with_entry, with_line
from chalicelib.kernel.moments import BusinessTime

TODAY = Day("2026-11-28", 1_000_000, 1_086_399)
NOW = BusinessTime(TODAY.until + 3 * 3600)


def both(*moved: tuple[str, int, str]) -> DaySums:
    """Sums of a day on which both sides have these movements."""
    sums: DaySums = {}
    for name, amount, currency in moved:
        sums = with_entry(with_line(sums, name, amount, currency), name, amount, currency)
    return sums


ONE, TWO, THREE = ("pi_1", 500, "eur"), ("pi_2", 700, "eur"), ("pi_3", 900, "uah")
CLOSED = DaySeal(TODAY, both(ONE, TWO), sealed_at=NOW)


def test_the_order_does_not_matter_and_what_is_the_same_in_sum_is_not_the_same() -> None:
    assert both(ONE, TWO, THREE) == both(THREE, TWO, ONE)
    swapped = both(("pi_1", 700, "eur"), ("pi_2", 500, "eur"))["eur"].provider
    here = both(ONE, TWO)["eur"].provider
    assert (swapped.count, swapped.amount) == (here.count, here.amount)
    assert swapped.digest != here.digest
    assert Side().plus("a", 1, "eur").digest != Side().plus("a", 1, "usd").digest != Side().plus("b", 1, "usd").digest


def test_sides_that_have_other_movements_do_not_agree_whatever_they_add_up_to() -> None:
    lines = with_line({}, "pi_1", 500, "eur")
    assert not agree(lines)
    assert agree(with_entry(lines, "pi_1", 500, "eur"))
    assert not agree(with_entry(lines, "pi_2", 500, "eur"))
    assert not agree(with_entry(lines, "pi_1", 500, "usd"))
    assert agree({})


@pytest.mark.parametrize("wrong", ["differing", "bad", "undecided"])
def test_a_day_is_closed_only_if_everything_was_looked_at_and_agrees(wrong: str) -> None:
    assert CLOSED.state == "closed"
    changes: Any = {wrong: 1}
    assert replace(CLOSED, **changes).state == "differs"
    assert replace(CLOSED, sums=with_line(CLOSED.sums, "pi_9", 1, "eur")).state == "differs"
    assert replace(CLOSED, pending=3).state == "closed"


@pytest.mark.parametrize(
    "found",
    [
        both(ONE),
        both(ONE, TWO, ("pi_9", 1, "eur")),
        both(ONE, ("pi_2", 701, "eur")),
        both(ONE, ("pi_9", 700, "eur")),
        both(ONE, TWO, THREE),
        {},
    ],
    ids=["a line is gone", "one came late", "one changed", "one is another's", "another currency", "all are gone"],
)
def test_a_day_that_was_closed_and_is_found_otherwise_is_told(found: DaySums) -> None:
    assert otherwise(CLOSED, DaySeal(TODAY, found))
    assert not otherwise(CLOSED, replace(CLOSED, sealed_at=NOW + DAY))
    assert not otherwise(DaySeal(TODAY, found, differing=1), CLOSED), "what differed may be mended"


def test_a_payment_that_was_under_way_may_come_and_no_more_than_that() -> None:
    sealed = replace(CLOSED, pending=1)
    assert not otherwise(sealed, DaySeal(TODAY, both(ONE, TWO, THREE)))
    assert otherwise(sealed, DaySeal(TODAY, both(ONE, TWO, THREE), pending=1)), "it is still under way"
    assert otherwise(sealed, DaySeal(TODAY, both(ONE, TWO, THREE, ("pi_4", 1, "eur"))))
    assert otherwise(sealed, DaySeal(TODAY, both(ONE))), "and none may go"
    assert not otherwise(sealed, CLOSED), "it failed"


def test_bounds_that_were_written_over_are_told() -> None:
    assert otherwise(CLOSED, replace(CLOSED, day=Day("2026-11-28", TODAY.since, TODAY.until - 1)))


def test_a_day_that_differs_is_walked_again_daily_and_one_after_an_outage_soon() -> None:
    assert again_at(CLOSED, NOW) is None
    assert again_at(replace(CLOSED, bad=1), NOW) == NOW + 20 * 3600
    assert again_at(replace(CLOSED, bad=1, undecided=1), NOW) == NOW + 3600
    late = BusinessTime(TODAY.until + KEPT * DAY + 1)
    assert again_at(replace(CLOSED, bad=1), late) is None
    assert again_at(replace(CLOSED, bad=1), BusinessTime(late - 1)) is not None


def test_payments_under_way_are_looked_for_a_few_times_as_long_as_they_take() -> None:
    sealed, now, times = replace(CLOSED, pending=2), NOW, []
    while (due := again_at(sealed, now)) is not None:
        times.append((due - TODAY.until) // DAY)
        now = BusinessTime(due)
    assert times == [6, 11, 16, 21, 26, 31]


def test_every_old_day_is_added_up_once_in_35_days() -> None:
    now = BusinessTime(100 * DAY)
    walked = now - 2 * 3600 - 1
    assert next_to_add(None, walked, now) == now - KEPT * DAY
    assert next_to_add(now - 10 * DAY, walked, now) == now - 10 * DAY + 1
    assert next_to_add(walked, walked, now) == now - KEPT * DAY, "after the newest the oldest again"
    assert next_to_add(now - 40 * DAY, walked, now) == now - KEPT * DAY, "a place that is too old"
