"""What money does, on a table in memory: the rules are the same on every engine, and there are many lives to try."""

from collections.abc import Iterator

import pytest

from tests.support.alarms import alarms
from tests.support.memory_till import MemoryTill
from tests.support.wired import wired_to

__all__ = ["alarms"]


@pytest.fixture
def till() -> Iterator[MemoryTill]:
    """A newsroom with nothing in its books, installed as what the app is wired to."""
    with wired_to(MemoryTill()) as till:
        yield till
