"""Which times a recurring gift has paid for: the newest paid period decides, whatever order they were told in."""

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.moments import BusinessTime
from chalicelib.ledger.rules.movements import Period
from chalicelib.supporters.rules.access import DAY, Standing, entitlement
from chalicelib.supporters.rules.paid_time import PaidPeriod, in_force, newest, timeline, with_period
from chalicelib.supporters.rules.reversals import Reversal
from testkit.gifts import recurring_gift

TIERS = ("member", "patron")
NOW = 1_790_000_000
GRACE = 7 * DAY


def paid(start: int, end: int, tier: str | None = "member", invoice: str | None = "") -> PaidPeriod:
    """In days from now."""
    name = f"in_{start}_{end}_{tier}" if invoice == "" else invoice
    return PaidPeriod(NOW + start * DAY, NOW + end * DAY, tier, name)


def known(*periods: PaidPeriod) -> tuple[PaidPeriod, ...]:
    kept: tuple[PaidPeriod, ...] = ()
    for period in periods:
        kept = with_period(kept, period)
    return kept


def back(period: PaidPeriod) -> Reversal:
    """The whole payment of a period, given back."""
    span = Period(period.start, period.end)
    return Reversal("pi", 500, refunds={"re": 500}, recurring="sub_1", period=span, invoice=period.invoice)


def tier_on(day: int, *periods: PaidPeriod, taken: tuple[PaidPeriod, ...] = (), **more: Any) -> str | None:
    gift = recurring_gift("sub_1", None, NOW, NOW, periods=known(*periods), **more)
    standing = Standing((), (gift,), tuple(back(one) for one in taken))
    return entitlement(standing, TIERS, GRACE, BusinessTime(NOW + day * DAY)).tier


MONTH, NEXT = paid(0, 30), paid(30, 60)
RAISED = paid(10, 30, "patron")  # the difference was charged on the tenth day
LOWERED = paid(12, 30, "member", "in_lowered")
YEAR = paid(0, 365, "patron")
FIRST_OF_MONTHLY, SECOND_OF_MONTHLY = paid(100, 130), paid(130, 160)


@pytest.mark.parametrize(("day", "tier"), [(9, "member"), (10, "patron"), (29, "patron"), (30, "member"), (60, None)])
def test_a_raise_that_was_charged_takes_over_from_its_day_and_the_next_month_from_its_own(
    day: int, tier: str | None
) -> None:
    for order in permutations((MONTH, RAISED, NEXT)):
        assert tier_on(day, *order, status="canceled") == tier


@pytest.mark.parametrize("day", [11, 15, 29])
def test_the_difference_of_a_raise_given_back_leaves_what_was_paid_before(day: int) -> None:
    assert tier_on(day, MONTH, RAISED) == "patron"
    assert tier_on(day, MONTH, RAISED, taken=(RAISED,)) == "member"
    assert tier_on(day, MONTH, RAISED, taken=(MONTH,)) == "patron", "and the other way round"
    assert tier_on(day, MONTH, RAISED, taken=(MONTH, RAISED)) is None


def test_a_gift_that_was_lowered_with_credit_opens_the_lower_tier_from_then_on() -> None:
    patron = paid(0, 30, "patron")
    assert [tier_on(day, patron, LOWERED) for day in (11, 12, 29)] == ["patron", "member", "member"]


def test_a_year_that_became_months_is_paid_for_by_the_months() -> None:
    """The rest of the year was credited, and pays the months that follow."""
    told = (YEAR, FIRST_OF_MONTHLY, SECOND_OF_MONTHLY)
    for order in permutations(told):
        days = [tier_on(day, *order, status="canceled") for day in (99, 100, 159, 160, 300)]
        assert days == ["patron", "member", "member", None, None]
    latest = newest(known(*told))
    assert latest == SECOND_OF_MONTHLY


def test_of_a_month_given_back_after_a_change_of_rhythm_the_month_before_stays() -> None:
    told = (SECOND_OF_MONTHLY, YEAR, FIRST_OF_MONTHLY)
    assert tier_on(140, *told, taken=(SECOND_OF_MONTHLY,), status="canceled") is None
    assert tier_on(129, *told, taken=(SECOND_OF_MONTHLY,), status="canceled") == "member"


def test_too_little_takes_over_as_well() -> None:
    assert tier_on(15, MONTH, paid(10, 30, None)) is None


def test_grace_follows_the_last_period_only() -> None:
    assert tier_on(35, MONTH) == "member"
    assert tier_on(35, MONTH, paid(10, 30, None)) is None
    assert tier_on(12, paid(0, 5), RAISED) == "patron"
    assert tier_on(8, paid(0, 5), RAISED) is None, "a gap that was not paid for is none of grace"


def test_what_was_over_a_year_ago_is_kept_as_one_and_a_hole_is_cut_from_it() -> None:
    months = [paid(30 * month, 30 * (month + 1)) for month in range(24)]
    periods = known(*months)
    over, *one_by_one = periods
    assert one_by_one == months[-15:]
    assert over == PaidPeriod(NOW, months[-15].start, "member")
    (first, rest, *left) = in_force(periods, [back(months[3])])
    assert (first.end, rest.start, left) == (months[3].start, months[3].end, one_by_one)


def test_the_tier_of_an_invoice_that_is_told_again_stays() -> None:
    again = PaidPeriod(NEXT.start, NEXT.end, "patron", NEXT.invoice)
    assert known(MONTH, NEXT, again) == known(MONTH, NEXT)


def test_a_payment_given_back_before_invoices_were_kept_with_them_is_found_by_its_time() -> None:
    old = Reversal("pi", 500, refunds={"re": 500}, period=Period(NEXT.start, NEXT.end))
    assert [one.end for one in in_force(known(MONTH, NEXT), [old])] == [MONTH.end]


scenarios = st.lists(
    st.tuples(st.integers(0, 12), st.booleans(), st.sampled_from((*TIERS, None))),
    max_size=6,
    unique_by=lambda one: one[0],
)


@given(scenarios, st.permutations(range(12)))
def test_months_with_raises_give_the_same_in_every_order(
    scenario: list[tuple[int, bool, str | None]], shuffle: list[int]
) -> None:
    periods = []
    for month, raised, tier in scenario:
        periods.append(paid(30 * month, 30 * month + 30, tier))
        if raised:
            periods.append(paid(30 * month + 7, 30 * month + 30, "patron", f"in_raise_{month}"))
    order = [periods[at] for at in shuffle if at < len(periods)]
    straight, shuffled = known(*periods), known(*order)
    assert straight == shuffled
    assert timeline(straight) == timeline(shuffled)


def free(start: int, end: int, tier: str = "patron") -> PaidPeriod:
    """A period that an invoice names, for which nothing was charged."""
    return replace(paid(start, end, tier, f"in_free_{start}"), free=True)


def spans(*periods: PaidPeriod) -> list[tuple[int, int, str | None]]:
    """The timeline in days from now."""
    return [((one.start - NOW) // DAY, (one.end - NOW) // DAY, one.tier) for one in timeline(periods)]


def test_a_period_without_charge_replaces_nothing_wherever_it_begins() -> None:
    assert spans(MONTH, free(10, 40)) == [(0, 30, "member"), (30, 40, "patron")]
    assert spans(free(-10, 20), MONTH) == [(-10, 0, "patron"), (0, 30, "member")]


def test_merged_periods_replace_nothing_that_began_before_them() -> None:
    merged = paid(10, 20, "patron", None)
    assert (10, 30, "member") not in spans(MONTH, merged)
    assert (0, 30, "member") in spans(MONTH, merged)


def test_what_is_long_over_is_merged_where_it_meets_and_only_there() -> None:
    """Two times with a pause between them stay two, and what follows the second lengthens the second."""
    first, second, third = paid(-900, -870), paid(-700, -670), paid(-670, -640)
    kept = known(first, second, third, MONTH)
    merged = [one for one in kept if one.invoice is None]
    assert [(one.start, one.end) for one in merged] == [(first.start, first.end), (second.start, third.end)]
    assert kept == known(third, first, MONTH, second)


def test_merged_periods_of_one_time_stand_in_the_order_of_their_tiers() -> None:
    tiers = ["f", "c", "a", "e", "b", "d"]
    kept = known(*(paid(-900, -870, tier) for tier in tiers), MONTH)
    assert [one.tier for one in kept if one.invoice is None] == sorted(tiers)
