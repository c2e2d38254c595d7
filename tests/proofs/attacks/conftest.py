"""What attackers try."""

import pytest

from testkit.harness import BEN, Harness
from testkit.webhooks import one


@pytest.fixture
def busy(harness: Harness) -> Harness:
    """A newsroom with two supporters: Ada gave once and gives monthly, Ben's gift was refunded."""
    harness.tell(harness.gives(1000))
    harness.tell(harness.gives(500, "month"))
    told = harness.gives(3000, email=BEN)
    harness.tell(told)
    harness.tell(harness.stripe.gives_back(one(told, "payment_intent.succeeded")["data"]["object"]["id"]))
    return harness
