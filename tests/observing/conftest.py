"""A deployed stage's log, listened to: everything on standard output and standard error, and every error's body."""

import logging
from collections.abc import Iterator

import pytest

from chalicelib.observing import log, log_context
from tests.observing.log_capture import LogCapture


@pytest.fixture
def log_capture(capfd: pytest.CaptureFixture[str]) -> Iterator[LogCapture]:
    """This process writes its log as on `prod`, every library speaks up, and the gate has counted nothing yet."""
    root = logging.getLogger()
    handlers, level, gate = root.handlers[:], root.level, log_context.gate
    log_context.listen("prod", log.of_a_library)
    root.setLevel(logging.DEBUG)
    log_context.gate = log_context.GateCounts()
    capfd.readouterr()
    yield LogCapture(capfd)
    log_context.stage, log_context.gate = "", gate
    root.handlers[:] = handlers
    root.setLevel(level)
