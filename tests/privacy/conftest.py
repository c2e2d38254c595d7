"""A newsroom whose table lacks nothing that `ops upgrade` writes, and two supporters who have left every trace."""

from collections.abc import Iterator
from functools import cache

import pytest

from chalicelib.kernel.ids import SupporterId
from chalicelib.upgrade import rows as upgrades
from chalicelib.upgrade.steps import STEPS
from testkit.erasing import leaves_traces
from testkit.harness import ADA, BEN, Harness


@cache
def _lived() -> Harness:
    with Harness().installed() as harness:
        upgrades.note(harness.table, STEPS, harness.real_now())
        leaves_traces(harness, BEN)
        leaves_traces(harness, ADA)
        return harness


@pytest.fixture
def upgraded(request: pytest.FixtureRequest) -> Iterator[Harness]:
    """Both have lived. In memory they do so once for all tests; on an engine, each time."""
    if request.config.getoption("engine") != "memory":
        harness = request.getfixturevalue("harness")
        upgrades.note(harness.table, STEPS, harness.real_now())
        leaves_traces(harness, BEN)
        leaves_traces(harness, ADA)
        yield harness
        return
    lived = _lived()
    harness = Harness(lived.memory.fork(), stripe=lived.stripe.as_it_stands())
    harness.pass_time(lived.clock.business - harness.clock.business)
    with harness.installed():
        yield harness


@pytest.fixture
def ada(upgraded: Harness) -> SupporterId:
    """Whom most of the tests erase."""
    return upgraded.state(ADA).id
