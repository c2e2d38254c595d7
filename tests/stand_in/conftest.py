"""One stand-in for the tests that can share it, and a fresh one for those that move the clock or break things."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.stand_in.harness import StandIn


@contextmanager
def _running(data: Path) -> Iterator[StandIn]:
    made = StandIn(data)
    made.receiver.start()
    try:
        made.start()
        yield made
    finally:
        made.kill()  # at once; a graceful end has a test of its own
        made.receiver.stop()
    assert made.receiver.problems == [], "a webhook was not what Stripe would send"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    """A stand-in that the module's tests share; its clock stands at real time."""
    with _running(tmp_path_factory.mktemp("shared")) as made:
        yield made


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[StandIn]:
    """A stand-in of the test's own."""
    with _running(tmp_path) as made:
        yield made
