"""The alarms that the code raises and the lines that it writes, for a test to look at: import into a conftest."""

import logging
from collections.abc import Iterator
from typing import cast

import pytest

from chalicelib.observing.log import Line


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


@pytest.fixture
def lines() -> Iterator[list[Line]]:
    """The lines of the log, with what is counted in their `keys`."""
    written: list[Line] = []
    handler = logging.Handler(logging.INFO)
    handler.emit = lambda record: written.append(cast("Line", record.msg))  # type: ignore[method-assign] # the same
    logger, level = logging.getLogger("spilno"), logging.getLogger("spilno").level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield written
    logger.removeHandler(handler)
    logger.setLevel(level)


def counted(written: list[Line], name: str) -> int:
    """How often a metric was counted."""
    return sum(line.keys.get(name, 0) for line in written)
