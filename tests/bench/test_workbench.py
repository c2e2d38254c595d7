"""A benchmark's output is its tables: the app, whose work is measured, says nothing in between."""

from pathlib import Path

import pytest

from bench.workbench import Workbench, open_workbench
from chalicelib.observing import log_context
from testkit.engine import Engine


def gives(workbench: Workbench) -> None:
    harness = workbench.harness
    harness.tell(harness.gives(1000))


@pytest.mark.parametrize("stage", ["", "local"])
def test_work_on_the_bench_is_quiet(
    engine: Engine, table_name: str, capfd: pytest.CaptureFixture[str], stage: str
) -> None:
    """`local` is the negative control: what a function of the local stack would write."""
    with open_workbench(engine, table_name) as workbench:
        log_context.stage = stage or log_context.stage
        capfd.readouterr()
        gives(workbench)
        written = "".join(capfd.readouterr())
    assert ("gift booked" in written) == bool(stage)
    assert bool(written) == bool(stage)


def test_the_second_engine_comes_by_itself() -> None:
    makefile = (Path(__file__).parents[2] / "Makefile").read_text("utf-8")
    (rule,) = (line for line in makefile.splitlines() if line.startswith("bench:"))
    assert "$(DYNOXIDE)" in rule
