"""The table of control calls in the local stack's README is complete and true."""

import re

from localdev.ports import ROOT
from localdev.stripe.controls import RULES


def test_every_control_call_is_in_the_table_and_nothing_else() -> None:
    text = (ROOT / "localdev" / "README.md").read_text(encoding="utf-8")
    table = text.partition("## What a script may make happen")[2].partition("\n## ")[0]
    first_cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| ") and "GET" not in line]
    calls = [call for cell in first_cells for call in re.findall("`([^`]+)`", cell)]
    assert {"/" + re.sub(r"\{[a-z]+_…\}", "<identifier>", call) for call in calls} == set(RULES)
