"""Recurring gifts in the form in which the version before wrote them: one date and one tier for all that was paid."""

from typing import Any

import pytest

from chalicelib.kernel.table import Update
from tests.support import plan_changes as plan
from tests.support.memory_till import MemoryTill
from tests.support.till import ADA, Json, one

NEW_FIELDS = ("interval_count", "next_payment_at", "retry_at", "resumes_at", "unpaid", "periods")


def as_before(till: MemoryTill, **changed: Any) -> None:
    """Write Ada's gift as 98671f4 did."""
    supporter = till.state().id
    (gift,) = till.state().standing.recurring
    row = dict(till.table.get((f"SUP#{supporter}", "ACCESS")) or {})
    old = {name: value for name, value in row["recurring"][gift.id].items() if name not in NEW_FIELDS}
    old |= {"tier": gift.tier, "paid_through": gift.paid_through, "ends_at": gift.ends_at}
    old |= {"stopped_at": gift.stopped_at, **changed}
    till.table.write(Update((f"SUP#{supporter}", "ACCESS"), set={"recurring": {gift.id: old}}))


def months(till: MemoryTill, count: int, amount: int = 500) -> list[list[Json]]:
    """A monthly gift, paid so many times; the events of each month, all told."""
    told = [till.gives(amount, "month")]
    till.tell(told[0])
    for _ in range(count - 1):
        told.append(plan.renews(till))
        till.tell(told[-1])
    return told


def test_it_opens_what_it_opened(till: MemoryTill) -> None:
    months(till, 3)
    held = till.access()
    as_before(till)
    assert till.access() == held
    (gift,) = till.state().standing.recurring
    assert gift.next_payment_at == gift.paid_through


@pytest.mark.parametrize("month", [0, 1, 3, 4])
def test_an_old_month_told_once_more_takes_nothing_away(till: MemoryTill, month: int) -> None:
    told = months(till, 5)
    held = till.access()
    as_before(till)
    again = one(told[month], "invoice.paid")
    till.tell([{**again, "id": f"evt_again_{month}"}])
    assert till.access() == held
    assert till.state().standing.recurring[0].paid_through >= till.business


def test_it_goes_on_from_there(till: MemoryTill) -> None:
    months(till, 3)
    as_before(till)
    till.tell(plan.renews(till))
    assert till.access().tier == "member"
    till.pass_time(20 * plan.DAY)
    assert till.access().tier == "member"


def test_the_difference_of_a_raise_given_back_leaves_what_was_paid_before(till: MemoryTill) -> None:
    till.tell(till.gives(5000, "year"))
    as_before(till)
    plan.later(till, 15)
    end = till.access().until
    till.tell(plan.changes(till, 20_000, interval="year", proration="always_invoice"))
    assert till.access().tier == "patron"
    till.tell(till.double.gives_back(str(till.double.of("payment_intent")[-1]["id"])))
    assert (till.access().tier, till.access().until) == ("member", end)


def test_a_month_given_back_is_closed(till: MemoryTill) -> None:
    months(till, 3)
    as_before(till)
    till.tell(till.double.gives_back(str(till.double.of("payment_intent")[-1]["id"])))
    till.pass_time(8 * plan.DAY)
    assert till.access().tier is None


@pytest.mark.parametrize(("status", "told"), [("paused", False), ("past_due", False), ("active", True)])
def test_a_next_payment_is_told_only_where_one_comes(till: MemoryTill, status: str, *, told: bool) -> None:
    months(till, 2)
    as_before(till, status=status)
    (gift,) = till.state().standing.recurring
    assert (gift.next_payment_at is not None) is told


def test_rebuild_fills_in_the_single_periods_and_changes_no_access(till: MemoryTill) -> None:
    from tests.support.rebuilding import rebuilds

    months(till, 4)
    new, held = till.state().standing, till.access(ADA)
    as_before(till)
    assert [one.what for one in rebuilds(till).differences] == ["paid_periods"]
    done = rebuilds(till, repair=True)
    assert done.left == []
    assert till.access() == held
    assert till.state().standing.recurring[0].periods == new.recurring[0].periods
    till.tell(till.double.gives_back(str(till.double.of("payment_intent")[-1]["id"])))
    till.pass_time(8 * plan.DAY)
    assert till.access().tier is None, "what stood there as one covers it no more"
