"""What money does, on a table in memory: the rules are the same on every engine, and there are many lives to try."""

from collections.abc import Iterator

import pytest

from tests.support.alarms import alarms
from tests.support.memory_harness import MemoryHarness
from tests.support.wired import wired_to

__all__ = ["alarms"]


@pytest.fixture
def harness() -> Iterator[MemoryHarness]:
    """A newsroom with nothing in its books, installed as what the app is wired to."""
    with wired_to(MemoryHarness()) as harness:
        yield harness
