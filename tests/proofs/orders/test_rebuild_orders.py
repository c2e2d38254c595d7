"""Whatever order a life is told in, and however often: rebuild finds nothing to say about what came of it."""

import random

import pytest

from testkit.harness import Harness
from testkit.rebuilding import found, rebuilds
from testkit.webhooks import Json
from tests.proofs.orders import scenarios
from tests.proofs.orders.past import Scenario

_ORDERS = 12


@pytest.mark.parametrize("scenario", scenarios.ALL, ids=lambda scenario: scenario.name)
def test_no_order_leaves_a_difference(scenario: Scenario) -> None:
    dice = random.Random(scenario.name)  # noqa: S311 - the same orders in each run
    for _ in range(_ORDERS):
        with Harness().installed() as harness:
            events: list[Json] = []
            for step in scenario.steps:
                events += step(harness)
                if dice.random() < 0.5:  # some are told as it goes, most of them afterwards
                    harness.deliver(dice.choice(events))
            harness.pass_time(max(0, harness.stripe.account.seconds - harness.clock.business))
            told = [*events, *dice.sample(events, len(events) // 2)]
            dice.shuffle(told)
            for event in told:
                assert harness.deliver(event).json == {"stored": True, "applied": True}
            done = rebuilds(harness)
            assert (found(done), done.unclear, done.read.without_movements) == ([], 0, 0), [
                event["type"] for event in told
            ]
        assert len(done.read.seen.claims) >= 2
