"""Invoices that are not exactly one period at full price, told reversed, shuffled and three times."""

import random

import pytest

from testkit import plan_changes as plan
from testkit.harness import Harness
from testkit.odd_scenarios import LIVES, lived
from tests.booking.test_odd_invoices import received, shown


@pytest.mark.parametrize("name", LIVES)
def test_it_is_the_same_reversed_shuffled_and_tripled(harness: Harness, name: str) -> None:
    steps, tier, _ = LIVES[name]
    events = lived(harness, steps)
    order = random.Random(name)  # noqa: S311 - the same each time
    told = order.choice([events[::-1], order.sample(events, len(events))])
    harness.tell([*told, *order.sample(events, len(events)), *told])
    assert harness.access().tier == tier
    assert sum(received(harness)) == sum(one["amount_received"] for one in harness.stripe.of("payment_intent"))
    (gift,) = shown(harness)
    item = plan.subscription_of(harness)["items"]["data"][0]
    assert harness.state().standing.recurring[0].next_payment_at == item["current_period_end"]
    assert gift["will_renew"] is True
