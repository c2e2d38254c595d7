"""Whatever order a life is told in, and however often: rebuild finds nothing to say about what came of it."""

import random

import pytest

from tests.orders import lives
from tests.orders.past import Life
from tests.support.memory_till import MemoryTill
from tests.support.rebuilding import found, rebuilds
from tests.support.till import Json
from tests.support.wired import wired_to

_ORDERS = 12


@pytest.mark.parametrize("life", lives.ALL, ids=lambda life: life.name)
def test_no_order_leaves_a_difference(life: Life) -> None:
    dice = random.Random(life.name)  # noqa: S311 - the same orders in each run
    for _ in range(_ORDERS):
        with wired_to(MemoryTill()) as till:
            events: list[Json] = []
            for step in life.steps:
                events += step(till)
                if dice.random() < 0.5:  # some are told as it goes, most of them afterwards
                    till.deliver(dice.choice(events))
            till.pass_time(max(0, till.double.account.seconds - till.business))
            told = [*events, *dice.sample(events, len(events) // 2)]
            dice.shuffle(told)
            for event in told:
                assert till.deliver(event).json == {"stored": True, "applied": True}
            done = rebuilds(till)
            assert (found(done), done.unclear, done.read.without_movements) == ([], 0, 0), [
                event["type"] for event in told
            ]
        assert len(done.read.seen.claims) >= 2
