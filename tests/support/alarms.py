"""The alarms that the code raises, for a test to look at: import the fixture into a conftest."""

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture
def alarms() -> Iterator[list[str]]:
    """The alarms that were raised: `alarm <code> …`, whatever the framework has done to the logger by then."""
    raised: list[str] = []
    handler = logging.Handler(logging.ERROR)
    handler.emit = lambda record: raised.append(record.getMessage())  # type: ignore[method-assign] # a list is enough
    logger = logging.getLogger("spilno")
    logger.addHandler(handler)
    yield raised
    logger.removeHandler(handler)
