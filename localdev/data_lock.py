"""One stack at a time on one data directory.

The lock is a file that the supervisor locks and every child inherits, so it is free again only when the last of
them has ended, saved state and all: also after `kill -9` of the supervisor.
"""

import fcntl
import os
import time
from collections.abc import Callable
from pathlib import Path

WAIT_SECONDS = 60


class DataInUse(Exception):
    """Another stack works on this directory."""


def lock(data: Path, say: Callable[[str], None]) -> int:
    """Take the directory; waits for what a stack that was killed still saves. Answers an open descriptor.

    :raises DataInUse: a living supervisor has it, or it did not come free.
    """
    data.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(data / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + WAIT_SECONDS
    told = False
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            owner = os.pread(descriptor, 20, 0).decode(errors="replace").strip()
            if _lives(owner) or time.monotonic() > deadline:
                os.close(descriptor)
                raise DataInUse(
                    f"Another local stack (process {owner}) is running on {data}.\n"
                    "End it, or give this one a directory and ports of its own (SPILNO_DATA, SPILNO_PORT, …)."
                ) from None
        if not told:
            say("The stack before this one is still saving its data; waiting for it ...")
            told = True
        time.sleep(0.2)
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)
    return descriptor


def _lives(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True
