"""Actions and routes against the real engine."""

from collections.abc import Iterator

import pytest

from chalicelib import wiring
from tests.support.alarms import alarms, lines
from tests.support.engine import Engine
from tests.support.memory_till import MemoryTill
from tests.support.till import Till
from tests.support.world import World

__all__ = ["alarms", "lines"]


@pytest.fixture
def world(engine: Engine, table_name: str) -> Iterator[World]:
    """A fresh newsroom on a fresh table, installed as what the app is wired to."""
    world = World(engine.endpoint, table_name)
    wiring.install(world)
    yield world
    wiring._installed.clear()


@pytest.fixture
def till(engine: Engine, table_name: str) -> Iterator[Till]:
    """The same with a Stripe in memory: for everything about money."""
    till = Till(engine.endpoint, table_name)
    wiring.install(till)
    yield till
    wiring._installed.clear()


@pytest.fixture
def memory() -> Iterator[MemoryTill]:
    """A till on a table in memory."""
    till = MemoryTill()
    wiring.install(till)
    yield till
    wiring._installed.clear()
