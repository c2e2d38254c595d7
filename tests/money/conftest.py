"""What money does, on a table in memory: the rules are the same on every engine, and there are many lives to try."""

from collections.abc import Iterator

import pytest

from chalicelib import wiring
from tests.support.alarms import alarms
from tests.support.memory_till import MemoryTill

__all__ = ["alarms"]


@pytest.fixture
def till() -> Iterator[MemoryTill]:
    """A newsroom with nothing in its books, installed as what the app is wired to."""
    till = MemoryTill()
    wiring.install(till)
    yield till
    wiring._installed.clear()
