"""Actions and routes against the real engine."""

from collections.abc import Iterator

import pytest

from tests.support.alarms import alarms, lines
from tests.support.engine import Engine
from tests.support.harness import Harness
from tests.support.memory_harness import MemoryHarness
from tests.support.wired import wired_to
from tests.support.wired_app import WiredApp

__all__ = ["alarms", "lines"]


@pytest.fixture
def app(engine: Engine, table_name: str) -> Iterator[WiredApp]:
    """A fresh newsroom on a fresh table, installed as what the app is wired to."""
    with wired_to(WiredApp(engine.endpoint, table_name)) as app:
        yield app


@pytest.fixture
def harness(engine: Engine, table_name: str) -> Iterator[Harness]:
    """The same with a Stripe in memory: for everything about money."""
    with wired_to(Harness(engine.endpoint, table_name)) as harness:
        yield harness


@pytest.fixture
def memory() -> Iterator[MemoryHarness]:
    """A harness on a table in memory."""
    with wired_to(MemoryHarness()) as harness:
        yield harness
