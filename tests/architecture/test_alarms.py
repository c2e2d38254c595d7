"""Every alarm that can wake somebody is explained where they look."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_RAISED = re.compile(r'\b[aA]larm\(\s*"([a-z_]+)"')


def test_every_alarm_says_what_to_do() -> None:
    sources = (path.read_text(encoding="utf-8") for path in (ROOT / "chalicelib").rglob("*.py"))
    raised = {code for source in sources for code in _RAISED.findall(source)}
    assert raised >= {"event_parked", "mail_undeliverable", "reconcile_difference", "dispute_opened"}
    section = (
        (ROOT / "docs" / "operating.md").read_text(encoding="utf-8").partition("## Alarms")[2].partition("\n## ")[0]
    )
    rows = " ".join(line.split("|")[1] for line in section.splitlines() if line.startswith("|"))
    assert raised == set(re.findall(r"`([a-z_]+)`", rows))
