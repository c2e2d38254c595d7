"""Actions and routes against the real engine."""

from collections.abc import Iterator

import pytest

from chalicelib import wiring
from tests.support.engine import Engine
from tests.support.world import World


@pytest.fixture
def world(ministack: Engine, table_name: str) -> Iterator[World]:
    """A fresh newsroom on a fresh table, installed as what the app is wired to."""
    world = World(ministack.endpoint, table_name)
    wiring.install(world)
    yield world
    wiring._installed.clear()
