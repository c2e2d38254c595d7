"""The operator's commands on a till whose table stands on a real engine."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from click.testing import Result

from tests.support.commands import command
from tests.support.engine import Engine
from tests.support.till import Till
from tests.support.wired import wired_to

Run = Callable[..., Result]


@pytest.fixture
def till(engine: Engine, table_name: str) -> Iterator[Till]:
    """A fresh newsroom with a Stripe in memory."""
    with wired_to(Till(engine.endpoint, table_name)) as till:
        yield till


@pytest.fixture
def run(till: Till) -> Run:
    """`run("totals", "--json")`: a command in this till's environment; what it printed, and its exit code."""
    return partial(command, till)
