"""The file of an older stand-in still opens: what it had queued is queued for the stack's own endpoint."""

import sqlite3
from pathlib import Path

from localdev.stripe.endpoints import DEFAULT
from localdev.stripe.store import Store

_BEFORE_ENDPOINTS = """
CREATE TABLE deliveries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL, state TEXT NOT NULL, next_at REAL NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, status INTEGER, note TEXT
);
CREATE INDEX deliveries_by_event ON deliveries (event);
INSERT INTO deliveries (event, state, next_at) VALUES ('evt_1', 'held', 0);
"""


def test_a_file_from_before_there_were_endpoints_opens(tmp_path: Path) -> None:
    file = tmp_path / "stripe.sqlite"
    old = sqlite3.connect(file)
    old.executescript(_BEFORE_ENDPOINTS)
    old.close()
    for _ in range(2):
        store = Store(file)
        assert [tuple(row) for row in store.run("SELECT event, endpoint, state FROM deliveries")] == [
            ("evt_1", DEFAULT, "held")
        ]
        store.close()


def test_look_ups_use_an_index(tmp_path: Path) -> None:
    """Else a year of hundreds of supporters would read itself again for every renewal."""
    store = Store(tmp_path / "stripe.sqlite")
    for field in ("invoice", "payment.payment_intent", "customer"):
        asked = f"kind = ? AND json_extract(body, '$.{field}') = ?"
        sql = f"EXPLAIN QUERY PLAN SELECT body FROM objects WHERE {asked} ORDER BY created DESC, seq DESC LIMIT 1"  # noqa: S608 - names from this very test
        plan = store.run(sql, "x", "y")
        assert f"objects_with_{field.replace('.', '_')}" in plan[0]["detail"]
    store.close()
