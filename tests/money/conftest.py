"""What money does, on a table in memory: the rules are the same on every engine, and there are many lives to try."""

import logging
from collections.abc import Iterator

import pytest

from chalicelib import wiring
from tests.support.memory_till import MemoryTill


@pytest.fixture
def till() -> Iterator[MemoryTill]:
    """A newsroom with nothing in its books, installed as what the app is wired to."""
    till = MemoryTill()
    wiring.install(till)
    yield till
    wiring._installed.clear()


@pytest.fixture
def alarms() -> Iterator[list[str]]:
    """The alarms that were raised: `alarm <code> …`."""
    raised: list[str] = []
    handler = logging.Handler(logging.ERROR)
    handler.emit = lambda record: raised.append(record.getMessage())  # type: ignore[method-assign] # a list is enough
    logger = logging.getLogger("spilno")
    logger.addHandler(handler)
    yield raised
    logger.removeHandler(handler)
