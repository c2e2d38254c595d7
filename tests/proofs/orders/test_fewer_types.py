"""The types that our endpoint is sent lead to the same books as all that have a handler.

Each life is told, step by step as it happens, to two newsrooms before the same Stripe: one is sent every type, the
other what `ops setup` asks for. Only the fee may come later, with the daily ring. The same with deliveries lost.
"""

import random
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

from chalicelib.kernel.table import Put
from chalicelib.ledger.rules.sums import Sums, Total
from chalicelib.rails.stripe.enabled_events import ENABLED_EVENTS
from chalicelib.rails.stripe.understand import HANDLED
from localdev.stripe import payments
from testkit.harness import Harness
from testkit.lost_webhooks import Known, known
from testkit.odd_scenarios import LIVES
from testkit.reconciling import reconciles
from testkit.webhooks import Json
from tests.proofs.orders.scenarios import ALL, WHOLE

Step = Callable[[Harness], list[Json]]
# Without what a card and a bank tell: the seventeen that a gift, what goes back and a customer's end need.
SEVENTEEN = frozenset(ENABLED_EVENTS) - {
    "customer.updated",
    "invoice.payment_action_required",
    "payment_method.automatically_updated",
    "payment_method.updated",
}
STORIES: dict[str, Sequence[Step]] = {
    **{scenario.name: scenario.steps for scenario in (*ALL, WHOLE)},
    **{name: steps for name, (steps, _, _) in LIVES.items()},
}
FEES = ("fee", "fee_currency")


@dataclass
class Newsroom:
    """One that is sent these types, and loses as many of them as `lost` says, by a seed; its schedules run."""

    harness: Harness
    types: Collection[str]
    lost: float = 0.0
    seed: int = 0

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)  # noqa: S311 - the same each time

    def hears(self, stage: Harness, events: Sequence[Json]) -> None:
        """A step has happened at Stripe."""
        own = self.harness
        own.clock.real, own.clock.business = stage.clock.real, max(stage.clock.business, stage.stripe.account.seconds)
        begun = {row["pk"] for row in own.kinds("CHECKOUT")}
        for row in stage.kinds("CHECKOUT"):
            if row["pk"] not in begun:
                own.table.write(Put(row))
        for event in events:
            if event["type"] in self.types and self._chance.random() >= self.lost:
                assert own.take_in(event)["applied"], event["type"]
        if self.lost:
            own.clock.pass_time(180)  # until then it may still be on its way
            assert reconciles(own, by_hand=False).failed == {}


def told(steps: Sequence[Step], *newsrooms: Newsroom, stage: Harness) -> None:
    """Everything happens before the stage's Stripe, and each newsroom hears of it."""
    for step in steps:
        stage.pass_time(max(0, stage.stripe.account.seconds - stage.clock.business))
        events = step(stage)
        for newsroom in newsrooms:
            newsroom.hears(stage, events)


def newsroom(stage: Harness, types: Collection[str], **more: Any) -> Newsroom:
    return Newsroom(stage.fork(), types, **more)


def but_fees(of: Known) -> Known:
    """All but the fees."""

    def without(sums: Sums) -> Sums:
        return replace(sums, fees=0)

    entries = [{name: value for name, value in entry.items() if name not in FEES} for entry in of.entries]
    totals = {code: without(sums) for code, sums in of.totals.items()}
    months = [_without_fees(total) for total in of.months]
    return replace(of, entries=entries, totals=totals, months=months)


def _without_fees(total: Total) -> Total:
    return replace(total, sums=replace(total.sums, fees=0))


def days_pass(harness: Harness) -> None:
    """The day of now ends, and its books are closed."""
    harness.clock.pass_time(26 * 3600)
    reconciles(harness, by_hand=False)


def mails(harness: Harness) -> list[str]:
    return sorted(harness.books.mails)


@pytest.mark.parametrize("types", [ENABLED_EVENTS.keys(), SEVENTEEN], ids=["asked for", "seventeen"])
@pytest.mark.parametrize("story", STORIES)
def test_the_books_are_those_of_every_type(story: str, types: Collection[str]) -> None:
    stage = Harness()
    every, fewer = newsroom(stage, HANDLED), newsroom(stage, types)
    told(STORIES[story], every, fewer, stage=stage)
    assert but_fees(known(fewer.harness)) == but_fees(known(every.harness))
    assert mails(fewer.harness) == mails(every.harness)
    for one in (every, fewer):
        days_pass(one.harness)
    assert known(fewer.harness) == known(every.harness), "the fees, too"


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("story", [scenario.name for scenario in (*ALL, WHOLE)])
def test_what_is_lost_on_the_way_the_schedules_find_whatever_was_asked_for(story: str, seed: int) -> None:
    stage = Harness()
    every = newsroom(stage, HANDLED)
    deaf = [newsroom(stage, types, lost=0.5, seed=seed) for types in (HANDLED, ENABLED_EVENTS.keys(), SEVENTEEN)]
    told(STORIES[story], every, *deaf, stage=stage)
    days_pass(every.harness)
    for one in deaf:
        days_pass(one.harness)
        assert known(one.harness) == known(every.harness)


@pytest.mark.parametrize("kind", ["once", "month"])
def test_a_fee_that_is_late_comes_with_the_daily_ring(kind: str) -> None:
    """What is lost without `charge.updated`: nobody but the ring says it."""
    stage = Harness()
    with stage.stripe.account.change():
        payments.set_booking(stage.stripe.account, "hour_later")
    fewer = newsroom(stage, ENABLED_EVENTS.keys())
    told([lambda harness: harness.gives(1000, kind)], fewer, stage=stage)
    stage.stripe.account.seconds += 2 * 3600
    events = stage.stripe.happens(
        lambda account: payments.book_due(account, str(stage.stripe.of("charge")[-1]["id"]))
    )
    fewer.hears(stage, events)
    (entry,) = fewer.harness.books.entries
    assert "fee" not in entry
    reconciles(fewer.harness, ["undelivered", "events"], by_hand=False)
    assert "fee" not in fewer.harness.books.entries[0]
    fewer.harness.clock.pass_time(26 * 3600)
    reconciles(fewer.harness, ["money"], by_hand=False)
    (entry,) = fewer.harness.books.entries
    assert entry["fee"] == stage.stripe.of("balance_transaction")[-1]["fee"] > 0


# ---- the negative control ----


@pytest.mark.parametrize(
    ("left_out", "story"),
    [
        (
            "invoice.paid",
            "half off",
        ),  # a renewal; without it, a refund or a dispute would book it with what went back
        ("refund.created", "whole"),
        ("customer.subscription.deleted", "whole"),
    ],
)
def test_one_type_fewer_would_be_noticed(left_out: str, story: str) -> None:
    stage = Harness()
    every, too_few = newsroom(stage, HANDLED), newsroom(stage, ENABLED_EVENTS.keys() - {left_out})
    told(STORIES[story], every, too_few, stage=stage)
    assert but_fees(known(too_few.harness)) != but_fees(known(every.harness))
