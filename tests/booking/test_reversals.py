"""What was taken back closes what it had earned, nothing else; held against living through it day by day (P16)."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.kernel.moments import BusinessTime
from chalicelib.ledger.rules.movements import Period
from chalicelib.supporters.rules.access import DAY, Grant, RecurringGift, Standing, SubscriptionStatus, entitlement
from chalicelib.supporters.rules.reversals import Reversal, with_reversal, without
from testkit.day_by_day import Days, Fixed, Runs, lived_through
from testkit.gifts import recurring_gift

TIERS = ("member", "patron")
NOW = 1_790_000_000
GRACE = 7 * DAY
Span = tuple[int, int]


def back(payment: str = "pi_1", amount: int = 1000, **more: Any) -> Reversal:
    return Reversal(payment, amount, **more)


# ---- when what a payment earned is closed ----


@pytest.mark.parametrize(
    ("reversal", "closed"),
    [
        (back(), False),
        (back(refunds={"re_1": 999}), False),
        (back(refunds={"re_1": 1000}), True),
        (back(refunds={"re_1": 400, "re_2": 600}), True),
        (back(refunds={"re_1": 400, "re_2": 0}), False),
        (back(disputes={"dp_1": 1}), True),
        (back(disputes={"dp_1": 0}), False),
        (back(refunds={"re_1": 1}, disputes={"dp_1": 0, "dp_2": 1000}), True),
        (back(amount=0), True),
    ],
)
def test_all_of_it_back_or_any_of_it_disputed_closes(reversal: Reversal, closed: bool) -> None:
    assert reversal.closed is closed


def test_what_is_newer_of_one_refund_counts_and_the_others_stay() -> None:
    known = with_reversal((), back(refunds={"re_1": 400}))
    known = with_reversal(known, back(refunds={"re_2": 600}))
    assert known == (back(refunds={"re_1": 400, "re_2": 600}),)
    assert known[0].closed
    known = with_reversal(known, back(refunds={"re_1": 0}))
    assert known == (back(refunds={"re_1": 0, "re_2": 600}),)
    assert known[0].refunded == 600


def test_a_period_once_known_is_not_forgotten() -> None:
    known = with_reversal((), back(recurring="sub_1", period=Period(1, 2), refunds={"re_1": 1000}))
    (after,) = with_reversal(known, back(disputes={"dp_1": 0}))
    assert (after.recurring, after.period, after.closed) == ("sub_1", Period(1, 2), True)


names = st.sampled_from(["re_1", "re_2", "dp_1", "dp_2"])
tellings = st.lists(st.tuples(st.sampled_from(["pi_1", "pi_2", "pi_3"]), names), unique=True, max_size=8)


@settings(deadline=None)
@given(tellings, st.randoms(use_true_random=False))
def test_whatever_is_told_first_it_comes_to_the_same(told: list[tuple[str, str]], random: Random) -> None:
    def all_of(order: Sequence[tuple[str, str]]) -> tuple[Reversal, ...]:
        known: tuple[Reversal, ...] = ()
        for payment, name in order:
            kind = "refunds" if name.startswith("re") else "disputes"
            newer: dict[str, Any] = {kind: {name: 100}}
            known = with_reversal(known, back(payment, **newer))
        return known

    before = all_of(told)
    random.shuffle(told)
    assert all_of(told) == before


# ---- spans less holes ----

small = st.tuples(st.integers(0, 30), st.integers(0, 30))


@settings(deadline=None)
@given(st.lists(small, max_size=5), st.lists(small, max_size=5))
def test_spans_less_holes_are_what_no_hole_covers(spans: list[Span], holes: list[Span]) -> None:
    def covered(by: list[Span], moment: int) -> bool:
        return any(start <= moment < end for start, end in by)

    left = without(spans, holes)
    assert all(start < end for start, end in left)
    for moment in range(31):
        assert covered(left, moment) is (covered(spans, moment) and not covered(holes, moment))


# ---- until when a recurring gift is paid for, and what it opens ----


def monthly(months: int, taken: Sequence[int] = (), tier: str | None = "member", **more: Any) -> Standing:
    """A gift of so many months of thirty days, some of which were taken back."""
    gift = recurring_gift("sub_1", tier, NOW, NOW + 30 * months * DAY, **more)
    return Standing((), (gift,), tuple(_month_back("sub_1", NOW, month) for month in taken))


def _month_back(name: str, start: int, month: int) -> Reversal:
    period = Period(start + 30 * month * DAY, start + 30 * (month + 1) * DAY)
    return Reversal(f"pi_{name}_{month}", 500, refunds={"re": 500}, recurring=name, period=period)


@pytest.mark.parametrize(
    ("taken", "through"), [((), 90), ((0,), 90), ((1,), 90), ((2,), 60), ((1, 2), 30), ((0, 1, 2), 0), ((0, 2), 60)]
)
def test_it_is_paid_through_what_was_not_taken_back_at_its_end(taken: Sequence[int], through: int) -> None:
    standing = monthly(3, taken)
    assert (standing.in_force(standing.recurring[0]).paid_through - NOW) // DAY == through


def test_a_hole_of_another_gift_or_an_open_one_is_none() -> None:
    standing = monthly(3, (2,))
    (gift,), (hole,) = standing.recurring, standing.reversals
    assert replace(standing, reversals=(replace(hole, recurring="sub_2"),)).in_force(gift) == gift
    assert replace(standing, reversals=(replace(hole, refunds={"re": 499}),)).in_force(gift) == gift
    assert replace(standing, reversals=(replace(hole, period=None),)).in_force(gift) == gift


def open_on(standing: Standing, day: int) -> str | None:
    return entitlement(standing, TIERS, GRACE, BusinessTime(NOW + day * DAY)).tier


def test_the_month_that_was_taken_back_closes_and_the_others_stay() -> None:
    standing = monthly(3, (1,))
    assert [open_on(standing, day) for day in (0, 29, 30, 59, 60, 96, 97)] == [
        *("member", "member", None, None, "member", "member", None)
    ]


def test_what_was_taken_back_is_as_late_as_what_has_not_come() -> None:
    assert open_on(monthly(1), 36) == "member", "a late renewal has its week"
    assert open_on(monthly(1, (0,)), 0) is None, "where nothing is paid for, nothing is late"
    held = [open_on(monthly(2, (1,)), day) for day in (29, 30, 36, 37)]
    assert held == ["member", "member", "member", None], "the month before keeps its own week"
    assert open_on(monthly(2, (1,), ends_at=NOW + 60 * DAY), 30) is None, "and has none once it was stopped"


def test_grace_is_judged_when_somebody_reads_not_when_something_was_told() -> None:
    late = monthly(1, status="past_due")
    held = [
        entitlement(late, TIERS, GRACE, BusinessTime(NOW + 30 * DAY + second)) for second in (-1, 0, GRACE - 1, GRACE)
    ]
    assert [one.tier for one in held] == ["member", "member", "member", None]
    assert {one.until for one in held[:3]} == {NOW + 30 * DAY + GRACE}
    assert open_on(monthly(1, status="canceled"), 30) is None, "what ended has none"
    assert open_on(monthly(1, ends_at=NOW + 30 * DAY), 30) is None, "nor what was stopped"


@pytest.mark.parametrize("closed", [{"refunds": {"re_1": 1000}}, {"disputes": {"dp_1": 1000}}])
def test_of_several_overlapping_gifts_only_the_one_taken_back_ends(closed: dict[str, Any]) -> None:
    grants = (Grant("pi_1", "member", NOW, days=60), Grant("pi_2", "member", NOW + DAY, days=60))
    running = replace(monthly(1, tier="patron"), grants=grants)
    assert [open_on(running, day) for day in (0, 29, 37, 149, 150)] == [
        *("patron", "patron", "member", "member", None)
    ]
    one_back = replace(running, reversals=(back("pi_1", **closed),))
    assert [open_on(one_back, day) for day in (0, 37, 89, 90)] == ["patron", "member", "member", None]
    all_back = replace(one_back, reversals=(*one_back.reversals, _month_back("sub_1", NOW, 0)))
    assert [open_on(all_back, day) for day in (0, 1, 60, 61)] == [None, "member", "member", None]


def test_days_by_hand_do_not_use_up_days_that_were_given_for() -> None:
    """Whoever works here for a month finds the days of their gift waiting when it is over."""
    grants = (Grant("pi_1", "member", NOW, days=60), Grant("grant_1", "member", NOW + 10 * DAY, until=NOW + 40 * DAY))
    assert [open_on(Standing(grants), day) for day in (0, 89, 90)] == ["member", "member", None]


# ---- against living through it ----

days = st.integers(0, 200)
tiers = st.sampled_from(TIERS)
once = st.builds(
    lambda at, length, tier, name: Grant(f"pi_{name}", tier, NOW + at * DAY, days=length),
    days,
    st.integers(1, 90),
    tiers,
    st.integers(0, 9999),
)
by_hand = st.builds(
    lambda at, length, tier: Grant("grant_1", tier, NOW + at * DAY, until=NOW + (at + length) * DAY),
    days,
    st.integers(1, 90),
    tiers,
)
running = st.tuples(
    days,
    st.integers(0, 5),
    st.sampled_from((*TIERS, None)),
    st.sampled_from(("active", "past_due", "canceled", "paused", "unpaid")),
    st.booleans(),
    st.sets(st.integers(0, 4)),
)
Running = tuple[int, int, str | None, SubscriptionStatus, bool, set[int]]
_HORIZON = 900


def runs(number: int, one: Running) -> tuple[RecurringGift, list[Reversal], Runs | None]:
    """A recurring gift as the standing knows it, and as it is lived through."""
    at, months, tier, status, stopped, taken = one
    name, start, end = f"sub_{number}", NOW + at * DAY, NOW + (at + 30 * months) * DAY
    gift = recurring_gift(name, tier, start, end, status, ends_at=end if stopped else None)
    lost = {month for month in taken if month < months}
    reversals = [_month_back(name, start, month) for month in sorted(lost)]
    if tier is None:
        return gift, reversals, None
    paid = [(start + 30 * m * DAY, start + 30 * (m + 1) * DAY) for m in range(months) if m not in lost]
    late = status in ("active", "past_due") and not stopped and paid
    return gift, reversals, Runs(TIERS.index(tier), paid, [(paid[-1][1], paid[-1][1] + GRACE)] if late else [])


@settings(deadline=None, max_examples=150)
@given(
    st.lists(once, max_size=4, unique_by=lambda grant: grant.id),
    st.lists(by_hand, max_size=1),
    st.lists(running, max_size=3),
    st.sets(st.integers(0, 3)),
)
def test_it_is_as_if_one_had_lived_through_it(
    gifts: list[Grant], hand: list[Grant], recurring: list[Running], lost: set[int]
) -> None:
    made = [runs(number, one) for number, one in enumerate(recurring)]
    back_again = [back(grant.id, disputes={"dp": 1}) for number, grant in enumerate(gifts) if number in lost]
    standing = Standing(
        (*gifts, *hand),
        tuple(gift for gift, _, _ in made),
        (*back_again, *(one for _, several, _ in made for one in several)),
    )
    held: list[Runs | Days | Fixed] = [lived for _, _, lived in made if lived]
    held += [
        Days(TIERS.index(one.tier), one.at, (one.days or 0) * DAY, one.id)
        for number, one in enumerate(gifts)
        if number not in lost
    ]
    held += [Fixed(TIERS.index(one.tier), one.at, one.until or 0) for one in hand]
    opened = lived_through(held, NOW, NOW + _HORIZON * DAY, DAY)
    for day in range(0, 600, 7):
        told = entitlement(standing, TIERS, GRACE, BusinessTime(NOW + day * DAY))
        rank = TIERS.index(told.tier) if told.tier else -1
        assert rank == opened[day], day
        if told.until is not None:
            end = next(later for later in range(day, _HORIZON) if opened[later] < rank)
            assert told.until == NOW + end * DAY, day
