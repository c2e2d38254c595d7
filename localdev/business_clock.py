"""Business time for the whole local stack: real time plus an offset that the Stripe stand-in's clock moves.

Access, renewals and what is due follow it. Signatures, passes, sessions and codes keep real time.
The offset lives in a file, so that every process of the stack, and the operator's commands, see the same time.
"""

import json
import os
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from localdev.ports import data_directory


def _file() -> Path:
    return data_directory() / "clock.json"


def offset() -> timedelta:
    """How far business time is ahead of real time."""
    try:
        return timedelta(seconds=json.loads(_file().read_text())["offset_seconds"])
    except FileNotFoundError:
        return timedelta()


def now() -> datetime:
    """Business time, UTC."""
    return datetime.now(UTC) + offset()


def advance(by: timedelta) -> datetime:
    """Move business time forward; answers the new time. Written in one rename, so no reader sees half a file."""
    if by < timedelta():
        raise ValueError("Time only moves forward.")
    target = _file()
    target.parent.mkdir(parents=True, exist_ok=True)
    seconds = (offset() + by).total_seconds()
    with tempfile.NamedTemporaryFile("w", dir=target.parent, delete=False) as scratch:
        json.dump({"offset_seconds": seconds}, scratch)
    os.replace(scratch.name, target)  # noqa: PTH105 - Path.replace reads as if the target moved
    return now()
