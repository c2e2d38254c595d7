"""What the searches hold every end against."""

from functools import cache

import pytest

from testkit.harness import ADA
from tests.proofs.orders import truth
from tests.proofs.orders.past import Past, Scenario, lived
from tests.proofs.orders.scenarios import ALL
from tests.proofs.orders.search import Node
from tests.proofs.orders.written import Written

DAY = 86_400
by_name = pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.name)


@cache
def past_of(scenario: Scenario) -> Past:
    """A life, played once."""
    return lived(scenario)


def assert_true(past: Past, end: Node) -> None:
    """What is written in the end is what Stripe's own objects say, and every event is done."""
    account = past.moments[-1].account
    said = end.said
    assert said.waiting == []
    assert said.ledger == truth.ledger(account)
    assert said.sums == truth.sums(account)
    gifts = [name for name in said.ledger if name.startswith("pi_")]
    assert sorted(row["id"] for row in said.of("SUP#", "MONEY#")) == sorted(said.ledger), "each once"
    assert len(said.of("MONEY#")) == len(said.ledger), "each with its guard"
    assert sorted(name for name in said.mails if name.endswith(":thanks")) == sorted(f"{pi}:thanks" for pi in gifts)
    start = past.moments[0].at
    held = [end.tier_at(ADA, past.deps, start + day * DAY) for day in range(800)]
    assert held == truth.opened(account, ADA, past.deps.newsroom, start, start + 800 * DAY, DAY)


def lasting(node: Node) -> Written:
    """All but the mails."""
    return node.said.without("MAIL#")
