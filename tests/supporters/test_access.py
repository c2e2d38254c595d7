"""Access follows from all that somebody gave, in whatever order it became known."""

from collections.abc import Sequence
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.kernel.moments import BusinessTime
from chalicelib.supporters.rules.access import DAY, Entitlement, Grant, RecurringGift, Standing, entitlement, includes
from testkit.gifts import recurring_gift

TIERS = ("member", "patron")
Gifts = Sequence[Grant]
Scenario = tuple[list[Grant], list[RecurringGift]]
GRACE = 7 * DAY
NOW = BusinessTime(1_790_000_000)


def once(at: int, days: int = 60, tier: str = "member", name: str = "pi_1") -> Grant:
    return Grant(name, tier, NOW + at * DAY, days=days)


def monthly(start: int, end: int, tier: str | None = "member", name: str = "sub_1", **more: Any) -> RecurringGift:
    return recurring_gift(name, tier, NOW + start * DAY, NOW + end * DAY, **more)


def access(
    grants: Sequence[Grant], recurring: Sequence[RecurringGift] = (), at: int = 0
) -> tuple[str | None, int | None]:
    held = entitlement(Standing(tuple(grants), tuple(recurring)), TIERS, GRACE, BusinessTime(NOW + at * DAY))
    return held.tier, None if held.until is None else (held.until - NOW) // DAY


def test_nothing_given_opens_nothing() -> None:
    assert entitlement(Standing(), TIERS, GRACE, NOW) == Entitlement()


def test_a_one_off_gift_opens_its_days() -> None:
    assert access([once(0)]) == ("member", 60)
    assert access([once(0)], at=59) == ("member", 60)
    assert access([once(0)], at=60) == (None, None)
    assert access([once(1)]) == (None, None), "not before it was given"


def test_days_add_up_from_the_later_of_now_and_the_current_end() -> None:
    assert access([once(0), once(10, name="pi_2")], at=10) == ("member", 120)
    assert access([once(0), once(70, name="pi_2")], at=70) == ("member", 130)


def test_days_given_while_a_monthly_gift_runs_wait_for_its_end() -> None:
    stopped = monthly(-10, 20, ends_at=NOW + 20 * DAY)
    assert access([once(0)], [stopped], at=5) == ("member", 80)
    assert access([once(0)], [stopped], at=79) == ("member", 80)


def test_a_late_renewal_has_its_grace_and_a_stopped_gift_has_none() -> None:
    assert access([], [monthly(-30, 0, status="past_due")], at=6) == ("member", 7)
    assert access([], [monthly(-30, 0, ends_at=NOW)], at=0) == (None, None)
    assert access([], [monthly(-30, 0, status="canceled")], at=0) == (None, None)
    assert access([], [monthly(-30, 10, status="canceled")], at=5) == ("member", 10), "what is paid is paid"


def test_an_overdue_payment_is_told() -> None:
    held = entitlement(Standing((), (monthly(-60, -30, status="past_due"),)), TIERS, GRACE, NOW)
    assert held == Entitlement(payment_failed=True)


def test_the_higher_tier_counts_and_the_lower_waits() -> None:
    gifts = [once(0, days=60), once(0, days=30, tier="patron", name="pi_2")]
    assert access(gifts, at=1) == ("patron", 30)
    assert access(gifts, at=31)[0] == "member"


def test_the_end_of_an_old_subscription_does_not_end_a_new_one() -> None:
    gifts = [monthly(-60, -30, status="canceled"), monthly(-1, 29, name="sub_2")]
    assert access([], gifts) == ("member", 36)


def test_a_gift_below_every_tier_opens_nothing() -> None:
    assert access([], [monthly(-1, 29, tier=None)]) == (None, None)


def test_until_a_date_by_hand() -> None:
    assert access([Grant("grant_1", "patron", NOW, until=NOW + 5 * DAY)]) == ("patron", 5)


def test_a_tier_renamed_in_the_settings_opens_the_lowest() -> None:
    assert access([once(0, tier="founder")]) == ("member", 60)
    assert includes(TIERS, "founder") == ("member",)


@pytest.mark.parametrize(("held", "brings"), [(None, ()), ("member", ("member",)), ("patron", TIERS)])
def test_a_higher_tier_brings_the_lower(held: str | None, brings: tuple[str, ...]) -> None:
    assert includes(TIERS, held) == brings


days = st.integers(-400, 400)
grants = st.builds(once, days, st.integers(1, 400), st.sampled_from(TIERS), st.uuids().map(str))
by_hand = st.builds(
    lambda name, tier, at, length: Grant(name, tier, NOW + at * DAY, until=NOW + (at + length) * DAY),
    st.uuids().map(str),
    st.sampled_from(TIERS),
    days,
    st.integers(1, 400),
)
recurring = st.builds(
    lambda name, tier, at, length, status: monthly(at, at + length, tier, name, status=status),
    st.uuids().map(str),
    st.sampled_from((*TIERS, None)),
    days,
    st.integers(0, 400),
    st.sampled_from(("active", "past_due", "canceled", "unpaid", "paused")),
)
scenarios = st.tuples(st.lists(grants | by_hand, max_size=6), st.lists(recurring, max_size=4))


@settings(deadline=None)  # two busy cores are no reason to fail
@given(scenarios, st.randoms(use_true_random=False), st.integers(-400, 800))
def test_the_order_in_which_gifts_became_known_does_not_matter(scenario: Scenario, random: Random, at: int) -> None:
    given_, running = scenario
    before = access(given_, running, at)
    random.shuffle(given_)
    random.shuffle(running)
    assert access(given_, running, at) == before


@settings(deadline=None)  # two busy cores are no reason to fail
@given(
    scenarios, st.builds(once, st.integers(-30, 0), st.integers(1, 90), st.sampled_from(TIERS), st.just("pi_more"))
)
def test_one_gift_more_never_takes_anything_away(scenario: Scenario, more: Grant) -> None:
    given_, running = scenario
    for at in range(0, 400, 13):
        before, after = access(given_, running, at), access([*given_, more], running, at)
        assert len(includes(TIERS, after[0])) >= len(includes(TIERS, before[0])), at


@settings(deadline=None)  # two busy cores are no reason to fail
@given(scenarios, st.integers(-400, 800))
def test_until_is_when_the_tier_ends(scenario: Scenario, at: int) -> None:
    standing = Standing(tuple(scenario[0]), tuple(scenario[1]))
    held = entitlement(standing, TIERS, GRACE, BusinessTime(NOW + at * DAY))
    if held.until is None:
        assert held.tier is None
        return
    rank = len(includes(TIERS, held.tier))
    last = entitlement(standing, TIERS, GRACE, BusinessTime(held.until - 1))
    assert len(includes(TIERS, last.tier)) >= rank
    after = entitlement(standing, TIERS, GRACE, BusinessTime(held.until))
    assert len(includes(TIERS, after.tier)) < rank
