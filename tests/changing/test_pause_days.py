"""Exactly so many payments are skipped, whatever the calendar does: held against the stand-in's own."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as some

from chalicelib.changing.rules.pause import pause_from
from chalicelib.kernel.billing_days import payment_day, payment_from
from chalicelib.kernel.rhythm import Rhythm
from localdev.stripe.periods import boundary

MONTHLY = Rhythm("month")
# From 2024, a leap year, to 2031, with every last day of a month and every change of the clock.
moments = some.integers(1_704_067_200, 1_924_991_999)
rhythms = some.sampled_from([MONTHLY, Rhythm("year"), Rhythm("week"), Rhythm("day"), Rhythm("month", 3)])


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


@given(moments, rhythms, some.integers(0, 40))
def test_payments_are_counted_as_stripe_counts_them(anchor: int, rhythm: Rhythm, number: int) -> None:
    assert payment_day(anchor, rhythm, number) == boundary(anchor, rhythm.unit, rhythm.count, number)


@given(moments, rhythms, some.integers(-90_000_000, 90_000_000))
def test_the_first_payment_from_a_moment_on_is_the_first(anchor: int, rhythm: Rhythm, later: int) -> None:
    number = payment_from(anchor, rhythm, anchor + later)
    assert payment_day(anchor, rhythm, number) >= anchor + later > payment_day(anchor, rhythm, number - 1)


@given(moments, some.integers(0, 40), some.sampled_from([1, 2, 3]))
def test_so_many_are_skipped_and_the_border_is_far_from_any(anchor: int, number: int, months: int) -> None:
    first = payment_day(anchor, MONTHLY, number)
    pause = pause_from(first, anchor, MONTHLY, months)
    due = [payment_day(anchor, MONTHLY, number + later) for later in range(6)]
    assert [one for one in due if one < pause.resumes_at] == due[:months], "skipped"
    assert min(one for one in due if one >= pause.resumes_at) == pause.next_payment_at == due[months]
    assert min(abs(one - pause.resumes_at) for one in due) >= 13 * 86_400


def test_from_the_last_day_of_january_over_a_leap_february() -> None:
    anchor = at("2028-01-31T12:00:00")
    pause = pause_from(at("2028-02-29T12:00:00"), anchor, MONTHLY, 1)
    assert pause.next_payment_at == at("2028-03-31T12:00:00")
    assert pause_from(at("2028-01-31T12:00:00"), anchor, MONTHLY, 3).next_payment_at == at("2028-04-30T12:00:00")


def test_an_hour_that_the_clock_loses_moves_nothing() -> None:
    """Payments are counted in UTC; the day that Kyiv sees may be another one, and is the one that Stripe charges."""
    anchor = at("2027-02-27T22:30:00")
    pause = pause_from(anchor, anchor, MONTHLY, 1)
    assert pause.next_payment_at == at("2027-03-27T22:30:00")
    kyiv = ZoneInfo("Europe/Kyiv")
    assert [datetime.fromtimestamp(one, kyiv).hour for one in (anchor, at("2027-04-27T22:30:00"))] == [0, 1]
