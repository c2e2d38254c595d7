"""`ops rehearse` itself, short: the books are right; and without the guard it says that they are not."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from localdev.ports import ROOT
from localdev.unguarded import GUARD, SETTING

pytestmark = [pytest.mark.stack, pytest.mark.slow, pytest.mark.timeout(400)]


def rehearse(*arguments: str, **more: str) -> tuple[int, dict[str, Any], str]:
    command = (sys.executable, "-m", "ops", "rehearse", "--json", "--seed", "1", *arguments)
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **more}, capture_output=True, text=True, check=False, timeout=390
    )
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout), done.stderr


@pytest.mark.parametrize("types", [(), ("--all-types",)], ids=["asked for", "all"])
def test_two_months_in_which_everything_goes_wrong(types: tuple[str, ...], record_property: Any) -> None:
    """Whether Stripe sends what `ops setup` asks for, or every type that has a handler."""
    status, told, said = rehearse("--supporters", "8", "--months", "2", *types)
    assert (told["lost"], told["doubled"], told["unexplained"]) == (0, 0, 0), said
    assert (told["access"], told["unthanked"], told["waiting"], told["rebuilt"]) == (0, 0, 0, 0), said
    assert (status, told["passed"], told["checks"], told["trouble"]) == (0, True, 2, [])
    assert told["gifts"] > 8
    assert told["orders"] > 10
    for kind in ("Stripe API errors", "table calls failed", "deliveries twice", "processes killed"):
        assert told["faults"][kind] > 0, kind
    points = sum(told["faults"].values())
    record_property("figures", f"{told['orders']} orders, {points} fault points, lost 0, doubled 0, unexplained 0")


def test_without_the_guard_it_finds_money_doubled() -> None:
    """The negative control: a rehearsal that could not fail would prove nothing."""
    status, told, _ = rehearse("--supporters", "8", "--months", "1", **{SETTING: GUARD})
    assert status == 1
    assert not told["passed"]
    assert told["doubled"] > 0
    assert told["unexplained"] > 0
