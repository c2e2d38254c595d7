"""The operator's commands on a till whose table stands on a real engine."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from click.testing import Result

from tests.support.commands import command
from tests.support.engine import Engine
from tests.support.harness import Harness
from tests.support.wired import wired_to

Run = Callable[..., Result]


@pytest.fixture
def harness(engine: Engine, table_name: str) -> Iterator[Harness]:
    """A fresh newsroom with a Stripe in memory."""
    with wired_to(Harness(engine.endpoint, table_name)) as harness:
        yield harness


@pytest.fixture
def run(harness: Harness) -> Run:
    """`run("totals", "--json")`: a command in this harness's environment; what it printed, and its exit code."""
    return partial(command, harness)
