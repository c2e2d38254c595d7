"""Outages are waited out for days, faults are tried a few times: the numbers of the docstring, one by one."""

from chalicelib.kernel import failures_item
from chalicelib.kernel.failures import LONGEST_OUTAGE, MOST_FAULTS, Failures
from chalicelib.kernel.moments import BusinessTime

MINUTE, HOUR, DAY = 60, 3600, 86_400


def test_an_outage_is_tried_again_soon_and_then_every_half_hour_for_three_days() -> None:
    now, so_far, pauses = 1000, Failures(), list[int]()
    while not so_far.enough(BusinessTime(now)):
        so_far = so_far.and_one_more(BusinessTime(now), outage=True)
        pauses.append(so_far.pause // MINUTE)
        now += so_far.pause
    assert pauses[:7] == [1, 2, 4, 8, 16, 30, 30]
    assert set(pauses[5:]) == {30}
    assert LONGEST_OUTAGE <= now - 1000 <= LONGEST_OUTAGE + HOUR
    assert LONGEST_OUTAGE == 3 * DAY


def test_three_days_without_a_try_are_no_outage_of_three_days() -> None:
    once = Failures().and_one_more(BusinessTime(0), outage=True)
    assert not once.and_one_more(BusinessTime(30 * DAY), outage=True).enough(BusinessTime(30 * DAY))


def test_the_eighth_fault_is_the_last_after_about_a_day() -> None:
    now, so_far, pauses = 0, Failures(), list[int]()
    while not so_far.enough(BusinessTime(now)):
        so_far = so_far.and_one_more(BusinessTime(now), outage=False)
        pauses.append(so_far.pause // MINUTE)
        now += so_far.pause
    assert pauses == [2, 8, 32, 128, 360, 360, 360, 360]
    assert len(pauses) == MOST_FAULTS


def test_an_outage_uses_up_no_try_and_a_fault_begins_the_row_of_outages_anew() -> None:
    so_far = Failures()
    for _ in range(100):
        so_far = so_far.and_one_more(BusinessTime(0), outage=True)
    assert (so_far.faults, so_far.outages, so_far.since) == (0, 100, 0)
    so_far = so_far.and_one_more(BusinessTime(DAY), outage=False)
    assert so_far == Failures(faults=1)
    assert so_far.and_one_more(BusinessTime(2 * DAY), outage=True) == Failures(faults=1, outages=1, since=2 * DAY)


def test_what_is_stored_is_read_back() -> None:
    for told in (Failures(), Failures(3), Failures(0, 1, 5), Failures(7, 20, 0)):
        written = failures_item.to_item(told)
        assert failures_item.from_item(written) == told
        assert set(written) <= set(failures_item.ATTRIBUTES)
    assert failures_item.from_item({}) == Failures(), "items written before there were two kinds"
