"""One stand-in for the tests that can share it, and a fresh one for those that move the clock or break things."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from testkit.stand_in import StandIn, running


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    """A stand-in that the module's tests share; its clock stands at real time."""
    with running(tmp_path_factory.mktemp("shared")) as made:
        yield made


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[StandIn]:
    """A stand-in of the test's own."""
    with running(tmp_path) as made:
        yield made


@pytest.fixture
def own_process(tmp_path: Path) -> Iterator[StandIn]:
    """The same as a process, which may be ended and started again."""
    with running(tmp_path, process=True) as made:
        yield made
