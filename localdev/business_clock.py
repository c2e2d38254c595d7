"""Business time for the whole local stack: real time plus an offset that the Stripe stand-in's clock moves.

Access, renewals and what is due follow it. Signatures, passes, sessions and codes keep real time.
The offset lives in a file, so that every process of the stack, and the operator's commands, see the same time.
"""

import json
import os
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from localdev.ports import data_directory


class BusinessClock:
    """The clock whose offset stands in this file."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def offset(self) -> timedelta:
        """How far business time is ahead of real time."""
        try:
            return timedelta(seconds=json.loads(self._file.read_text())["offset_seconds"])
        except FileNotFoundError:
            return timedelta()

    def now(self) -> datetime:
        """Business time, UTC."""
        return datetime.now(UTC) + self.offset()

    def advance(self, by: timedelta) -> datetime:
        """Move business time forward; answers the new time. Written in one rename, so no reader sees half a file."""
        if by < timedelta():
            raise ValueError("Time only moves forward.")
        self._file.parent.mkdir(parents=True, exist_ok=True)
        seconds = (self.offset() + by).total_seconds()
        with tempfile.NamedTemporaryFile("w", dir=self._file.parent, delete=False) as scratch:
            json.dump({"offset_seconds": seconds}, scratch)
        os.replace(scratch.name, self._file)  # noqa: PTH105 - Path.replace reads as if the target moved
        return self.now()


def of_the_stack(environ: Mapping[str, str] | None = None) -> BusinessClock:
    """The clock of the local stack whose data directory the environment names."""
    return BusinessClock(data_directory(environ) / "clock.json")


def now() -> datetime:
    """Business time of the local stack, UTC."""
    return of_the_stack().now()
