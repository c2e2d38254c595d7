"""Actions and routes against the real engine."""

from collections.abc import Iterator

import pytest

from tests.support.alarms import alarms, lines
from tests.support.engine import Engine
from tests.support.memory_till import MemoryTill
from tests.support.till import Till
from tests.support.wired import wired_to
from tests.support.world import World

__all__ = ["alarms", "lines"]


@pytest.fixture
def world(engine: Engine, table_name: str) -> Iterator[World]:
    """A fresh newsroom on a fresh table, installed as what the app is wired to."""
    with wired_to(World(engine.endpoint, table_name)) as world:
        yield world


@pytest.fixture
def till(engine: Engine, table_name: str) -> Iterator[Till]:
    """The same with a Stripe in memory: for everything about money."""
    with wired_to(Till(engine.endpoint, table_name)) as till:
        yield till


@pytest.fixture
def memory() -> Iterator[MemoryTill]:
    """A till on a table in memory."""
    with wired_to(MemoryTill()) as till:
        yield till
