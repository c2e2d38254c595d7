"""A webhook that nobody has delivered yet, and what its sender may be answered."""

from typing import Any

from testkit.calls import Reply
from testkit.harness import Harness
from testkit.webhooks import Json, one

DONE = {"stored": True, "applied": True}
PENDING = {"stored": True, "applied": False}


def answered(reply: Reply) -> tuple[int, Any]:
    """Its status and its JSON."""
    return reply.status, reply.json


def untold(harness: Harness, **more: Any) -> Json:
    """The event that tells of a gift, not delivered yet."""
    return one(harness.gives(**more), "checkout.session.completed")
