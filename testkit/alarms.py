"""The alarms that the code raises and the lines that it writes, for a test to look at: import into a conftest."""

import logging
from collections.abc import Callable, Iterator

import pytest

from chalicelib.observing.log import LogLine


class _Hearing(logging.Handler):
    """Hands on every record of at least this level."""

    def __init__(self, level: int, hear: Callable[[logging.LogRecord], None]) -> None:
        super().__init__(level)
        self._hear = hear

    def emit(self, record: logging.LogRecord) -> None:
        """See logging."""
        self._hear(record)


@pytest.fixture
def alarms() -> Iterator[list[str]]:
    """The alarms that were raised: `alarm <code> …`, whatever the framework has done to the logger by then."""
    raised: list[str] = []
    handler = _Hearing(logging.ERROR, lambda record: raised.append(record.getMessage()))
    logger = logging.getLogger("spilno")
    logger.addHandler(handler)
    yield raised
    logger.removeHandler(handler)


@pytest.fixture
def lines() -> Iterator[list[LogLine]]:
    """The lines of the log, with what is counted in their `keys`."""
    written: list[LogLine] = []

    def hear(record: logging.LogRecord) -> None:
        assert isinstance(record.msg, LogLine)
        written.append(record.msg)

    handler = _Hearing(logging.INFO, hear)
    logger, level = logging.getLogger("spilno"), logging.getLogger("spilno").level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield written
    logger.removeHandler(handler)
    logger.setLevel(level)


def counted(written: list[LogLine], name: str) -> int:
    """How often a metric was counted."""
    return sum(line.keys.get(name, 0) for line in written)
