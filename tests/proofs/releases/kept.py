"""A table of one release as a file: its rows, the Stripe account beside it, and what that release read from them.

`python -m tests.proofs.releases.kept NAME` writes one with the code it runs with. To make that of an older release,
copy this folder into a checkout of it and run it there.
"""

import base64
import json
import lzma
import sys
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from chalicelib import wiring
from testkit.clock import NOW
from testkit.harness import Harness
from testkit.visitor import Visitor
from tests.proofs.releases.scenario import Lived, Scenario
from tests.proofs.releases.told import told

HERE = Path(__file__).parent
NAMES = sorted(path.name.removesuffix(".json.xz") for path in HERE.glob("*.json.xz"))


STRIPE = ("objects", "notes", "due")  # what the stand-in knows of the account


@dataclass(frozen=True)
class Kept:
    """One release's table. `now`: the time on all clocks when it was written."""

    rows: list[dict[str, Any]]
    stripe: Mapping[str, list[dict[str, Any]]]
    now: int
    lived: Lived
    told: dict[str, Any]

    def harness(self) -> Harness:
        """A harness of its own with these rows and this Stripe, at that time."""
        harness = _newsroom()
        harness.stripe.held_to_types = False  # what that release's stand-in said of itself
        for row in self.rows:
            harness.memory._set((row["pk"], row["sk"]), row)
        for table, rows in self.stripe.items():
            for row in rows:
                names, places = ", ".join(row), ", ".join("?" * len(row))
                _sql(harness, f"INSERT INTO {table} ({names}) VALUES ({places})", *row.values())  # noqa: S608
        harness.pass_time(self.now - NOW)
        wiring.install(harness.wiring)
        return harness


def _newsroom() -> Harness:
    harness = Harness()
    harness.wiring.newsroom = replace(harness.newsroom, meter=None)  # the newsroom's file had none
    return harness


def read(name: str) -> Kept:
    """A table that was kept."""
    kept = json.loads(lzma.decompress((HERE / f"{name}.json.xz").read_bytes()))
    browsers = {
        whose: Visitor(client=client, cookies=cookies)
        for whose, (client, cookies) in kept["lived"].pop("browsers").items()
    }
    return Kept(_read(kept["rows"]), kept["stripe"], kept["now"], Lived(browsers, **kept["lived"]), kept["told"])


def write(name: str) -> Path:
    """Live, and keep what is there then."""
    harness = _newsroom()
    wiring.install(harness.wiring)
    lived = Scenario(harness).play()
    rows = harness.memory.rows()
    stripe = {table: [dict(row) for row in _sql(harness, f"SELECT * FROM {table}")] for table in STRIPE}  # noqa: S608
    browsers = {whose: [visitor.client, dict(visitor.cookies)] for whose, visitor in lived.browsers.items()}
    kept = {
        "rows": _written(rows),
        "stripe": stripe,
        "now": harness.clock.business,
        "lived": {**vars(lived), "browsers": browsers},
        "told": told(harness, lived),
    }
    path = HERE / f"{name}.json.xz"
    path.write_bytes(lzma.compress(json.dumps(kept, ensure_ascii=False, sort_keys=True).encode(), preset=9))
    return path


def _sql(harness: Harness, statement: str, *values: Any) -> list[Any]:
    return harness.stripe.account.store._connection.execute(statement, values).fetchall()


def _written(value: Any) -> Any:
    """As JSON takes it. Bytes are kept unpacked where packing them again gives the same ones: the file is smaller."""
    if isinstance(value, bytes):
        try:
            text = zlib.decompress(value)
            if zlib.compress(text, 6) == value:
                return {"packed": text.decode()}
        except (zlib.error, UnicodeDecodeError):
            pass
        return {"bytes": base64.b64encode(value).decode()}
    if isinstance(value, Mapping):
        return {name: _written(part) for name, part in value.items()}
    return [_written(part) for part in value] if isinstance(value, list) else value


def _read(value: Any) -> Any:
    if isinstance(value, dict):
        if value.keys() == {"packed"}:
            return zlib.compress(value["packed"].encode(), 6)
        if value.keys() == {"bytes"}:
            return base64.b64decode(value["bytes"])
        return {name: _read(part) for name, part in value.items()}
    return [_read(part) for part in value] if isinstance(value, list) else value


if __name__ == "__main__":
    path = write(sys.argv[1])
    print(f"{path.name}: {path.stat().st_size} bytes")  # noqa: T201 - a command's answer
