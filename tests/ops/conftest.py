"""The operator's commands."""

from collections.abc import Callable
from functools import partial

import pytest
from click.testing import Result

from testkit.commands import command
from testkit.harness import Harness

Run = Callable[..., Result]


@pytest.fixture
def run(harness: Harness) -> Run:
    """`run("totals", "--json")`: a command in this harness's environment; what it printed, and its exit code."""
    return partial(command, harness)
