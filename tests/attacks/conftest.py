"""What attackers try, against the app on a real engine. The fixtures are those of `tests/actions`."""

import pytest

from tests.actions.conftest import alarms, app, harness, lines, memory
from tests.support.harness import BEN, Harness, one

__all__ = ["alarms", "app", "busy", "harness", "lines", "memory"]


@pytest.fixture
def busy(harness: Harness) -> Harness:
    """A newsroom with two supporters: Ada gave once and gives monthly, Ben's gift was refunded."""
    harness.tell(harness.gives(1000))
    harness.tell(harness.gives(500, "month"))
    told = harness.gives(3000, email=BEN)
    harness.tell(told)
    harness.tell(harness.double.gives_back(one(told, "payment_intent.succeeded")["data"]["object"]["id"]))
    return harness
