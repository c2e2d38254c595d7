"""Recurring gifts in the form in which the version before wrote them: one date and one tier for all that was paid."""

from typing import Any

import pytest

from chalicelib.kernel.table import Update
from testkit import plan_changes as plan
from testkit.harness import ADA, Harness
from testkit.webhooks import Json, one

NEW_FIELDS = ("interval_count", "next_payment_at", "retry_at", "resumes_at", "unpaid", "periods")


def as_before(harness: Harness, **changed: Any) -> None:
    """Write Ada's gift as 98671f4 did."""
    supporter = harness.state().id
    (gift,) = harness.state().standing.recurring
    row = dict(harness.table.get((f"SUP#{supporter}", "ACCESS")) or {})
    old = {name: value for name, value in row["recurring"][gift.id].items() if name not in NEW_FIELDS}
    old |= {"tier": gift.tier, "paid_through": gift.paid_through, "ends_at": gift.ends_at}
    old |= {"stopped_at": gift.stopped_at, **changed}
    harness.table.write(Update((f"SUP#{supporter}", "ACCESS"), set={"recurring": {gift.id: old}}))


def months(harness: Harness, count: int, amount: int = 500) -> list[list[Json]]:
    """A monthly gift, paid so many times; the events of each month, all told."""
    told = [harness.gives(amount, "month")]
    harness.tell(told[0])
    for _ in range(count - 1):
        told.append(plan.renews(harness))
        harness.tell(told[-1])
    return told


def test_it_opens_what_it_opened(harness: Harness) -> None:
    months(harness, 3)
    held = harness.access()
    as_before(harness)
    assert harness.access() == held
    (gift,) = harness.state().standing.recurring
    assert gift.next_payment_at == gift.paid_through


@pytest.mark.parametrize("month", [0, 1, 3, 4])
def test_an_old_month_told_once_more_takes_nothing_away(harness: Harness, month: int) -> None:
    told = months(harness, 5)
    held = harness.access()
    as_before(harness)
    again = one(told[month], "invoice.paid")
    harness.tell([{**again, "id": f"evt_again_{month}"}])
    assert harness.access() == held
    assert harness.state().standing.recurring[0].paid_through >= harness.clock.business


def test_it_goes_on_from_there(harness: Harness) -> None:
    months(harness, 3)
    as_before(harness)
    harness.tell(plan.renews(harness))
    assert harness.access().tier == "member"
    harness.pass_time(20 * plan.DAY)
    assert harness.access().tier == "member"


def test_the_difference_of_a_raise_given_back_leaves_what_was_paid_before(harness: Harness) -> None:
    harness.tell(harness.gives(5000, "year"))
    as_before(harness)
    plan.later(harness, 15)
    end = harness.access().until
    harness.tell(plan.changes(harness, 20_000, interval="year", proration="always_invoice"))
    assert harness.access().tier == "patron"
    harness.tell(harness.stripe.gives_back(str(harness.stripe.of("payment_intent")[-1]["id"])))
    assert (harness.access().tier, harness.access().until) == ("member", end)


def test_a_month_given_back_is_closed(harness: Harness) -> None:
    months(harness, 3)
    as_before(harness)
    harness.tell(harness.stripe.gives_back(str(harness.stripe.of("payment_intent")[-1]["id"])))
    harness.pass_time(8 * plan.DAY)
    assert harness.access().tier is None


@pytest.mark.parametrize(("status", "told"), [("paused", False), ("past_due", False), ("active", True)])
def test_a_next_payment_is_told_only_where_one_comes(harness: Harness, status: str, *, told: bool) -> None:
    months(harness, 2)
    as_before(harness, status=status)
    (gift,) = harness.state().standing.recurring
    assert (gift.next_payment_at is not None) is told


def test_rebuild_fills_in_the_single_periods_and_changes_no_access(harness: Harness) -> None:
    from testkit.rebuilding import rebuilds

    months(harness, 4)
    new, held = harness.state().standing, harness.access(ADA)
    as_before(harness)
    assert [one.what for one in rebuilds(harness).differences] == ["paid_periods"]
    done = rebuilds(harness, repair=True)
    assert done.left == []
    assert harness.access() == held
    assert harness.state().standing.recurring[0].periods == new.recurring[0].periods
    harness.tell(harness.stripe.gives_back(str(harness.stripe.of("payment_intent")[-1]["id"])))
    harness.pass_time(8 * plan.DAY)
    assert harness.access().tier is None, "what stood there as one covers it no more"
