"""What attackers try, against the app on a real engine. The fixtures are those of `tests/actions`."""

import pytest

from tests.actions.conftest import alarms, lines, memory, till, world
from tests.support.till import BEN, Till, one

__all__ = ["alarms", "busy", "lines", "memory", "till", "world"]


@pytest.fixture
def busy(till: Till) -> Till:
    """A newsroom with two supporters: Ada gave once and gives monthly, Ben's gift was refunded."""
    till.tell(till.gives(1000))
    till.tell(till.gives(500, "month"))
    told = till.gives(3000, email=BEN)
    till.tell(told)
    till.tell(till.double.gives_back(one(told, "payment_intent.succeeded")["data"]["object"]["id"]))
    return till
