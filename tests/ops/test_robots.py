"""`ops robots`: the lines for the website, the same as `GET /v1/machines` answers."""

import json

import pytest

from testkit.visitor import Visitor
from tests.ops.conftest import Run


@pytest.mark.usefixtures("harness")
def test_it_prints_what_tools_are_answered(run: Run) -> None:
    told = Visitor().get("/v1/machines").json
    printed, as_json = run("robots"), run("robots", "--json")
    assert (printed.exit_code, as_json.exit_code) == (0, 0)
    assert printed.stdout == told["robots_txt"]
    assert json.loads(as_json.stdout) == told
