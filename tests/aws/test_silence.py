"""How long a silent table is waited for, on whichever botocore: functions run on Lambda's (decisions 0091, 0102)."""

import json
import subprocess
import sys
from typing import Any

import pytest

from localdev.aws import PYTHON
from localdev.ports import ROOT

# Ours, and the one that local AWS brings along: another minor version, whose tries rest as those of older ones do.
INTERPRETERS = {"ours": sys.executable, "another": str(PYTHON)}


@pytest.fixture(scope="module", params=INTERPRETERS)
def told(request: pytest.FixtureRequest) -> Any:
    """What `silence.py` says on this interpreter."""
    return _told(INTERPRETERS[request.param])


def _told(interpreter: str) -> Any:
    program = [interpreter, "-m", "tests.aws.silence"]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_hurried_read_is_over_after_two_short_tries(told: Any) -> None:
    assert told["hurried"] == {"tries": 2, "each": 0.6, "rests": [], "seconds": 1.2}


def test_any_other_read_is_over_before_api_gateway_is(told: Any) -> None:
    config = json.loads((ROOT / ".chalice" / "config.json").read_text(encoding="utf-8"))
    seconds = config["lambda_functions"]["api_handler"]["lambda_timeout"]
    assert told["patient"]["tries"] == 4
    assert told["patient"]["seconds"] < seconds


def test_the_two_versions_rest_differently_between_tries_of_their_own() -> None:
    """The negative control. Where it fails, local AWS has a newer botocore: hold the times against an older one."""
    ours, another = (_told(interpreter)["by_itself"] for interpreter in INTERPRETERS.values())
    assert ours["seconds"] < 1.3
    assert another["seconds"] > 2
