"""docs/observing.md lists every line and every metric that there is, and no other."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOC = (ROOT / "docs" / "observing.md").read_text(encoding="utf-8")
SOURCES = {path: path.read_text(encoding="utf-8") for path in (ROOT / "chalicelib").rglob("*.py")}
_WRITTEN = re.compile(r'(?:log\.(?:info|warning|error)\(|Line\()\s*(f?)"([^"]+)"')
_METRIC = re.compile(
    r'"([A-Z][a-z]+(?:[A-Z][a-z]+)*)": "(?:Count|Seconds|None)"|(?:also=|(?:metrics\.| )one\()"(\w+)"\)'
)


def section(title: str) -> str:
    return DOC.partition(f"## {title}\n")[2].partition("\n## ")[0]


def first_cells(text: str) -> set[str]:
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row)}


def test_every_line_is_explained() -> None:
    written = set()
    for source in SOURCES.values():
        for formatted, message in _WRITTEN.findall(source):
            if not formatted:
                written.add(message)
    told = first_cells(DOC.partition("### The lines")[2].partition("\n### ")[0])
    # Put together where they are written.
    composed = {f"{kind} booked" for kind in ("gift", "refund", "dispute")}
    composed |= {f"event {outcome}" for outcome in ("applied", "ignored", "foreign")} | {"alarm …"}
    assert len(written) > 20
    assert written | composed == told


def test_every_metric_is_explained_with_its_unit() -> None:
    counted = {first or second for source in SOURCES.values() for first, second in _METRIC.findall(source)}
    rows = {line.split("|")[1] for line in section("The metrics").splitlines() if line.startswith("| `")}
    told = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert counted == told
    assert {"Gifts", "AbuseScore", "InboxAge", "GateOpened", "Alarms", "EventsStored"} <= counted
