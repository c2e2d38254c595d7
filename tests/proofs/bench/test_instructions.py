"""What a gate check asks of a processor, counted: no clock, no neighbours.

How many instructions a Python takes differs by how it was built, so the budgets are multiples of what the bare
handler (`bench/peers/bare_gate.py`) takes in the same one. Measured 2026-11-22: 3.7 times cold, 1.3 times warm.
"""

import os
from collections.abc import Iterator, Mapping

import pytest

from bench import cases
from bench.processes import PYTHON, Bench, has_valgrind, open_bench
from bench.speed import OURS, SUBJECTS, warm_instructions

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not ((PYTHON.exists() or "CI" in os.environ) and has_valgrind()), reason="it takes `make bench` and valgrind"
    ),
]
BARE = "bare handler"
COLD, WARM = 4.5, 1.7


def gate() -> cases.Event:
    """Made when it is asked: a pass lives five minutes."""
    return cases.gate(cases.pass_of())


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with open_bench() as opened:
        yield opened


@pytest.fixture(scope="module")
def counted(bench: Bench) -> Mapping[str, int]:
    """Whole processes, Python's own start and end included."""
    handlers = {"nothing": "nothing", OURS: SUBJECTS[OURS][0], BARE: SUBJECTS[BARE][0], "heavy": "bench.ours:handler"}
    return {name: bench.instructions(handler, [gate()]) for name, handler in handlers.items()}


def cold(counted: Mapping[str, int], name: str) -> float:
    """So many times what the bare handler takes."""
    return (counted[name] - counted["nothing"]) / (counted[BARE] - counted["nothing"])


def test_a_cold_gate_check_stays_within_its_instructions(counted: Mapping[str, int]) -> None:
    assert cold(counted, OURS) <= COLD


def test_a_warm_gate_check_stays_within_its_instructions(bench: Bench, counted: Mapping[str, int]) -> None:
    ours, bare = (warm_instructions(bench, SUBJECTS[name][0], gate(), counted[name]) for name in (OURS, BARE))
    assert ours <= WARM * bare, (ours, bare)


def test_importing_more_is_noticed(counted: Mapping[str, int]) -> None:
    """The negative control: the same gate with pydantic and what comes along."""
    assert cold(counted, "heavy") > COLD
