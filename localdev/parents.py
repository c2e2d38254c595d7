"""Who started us, and whether they are still there: a stack must not outlive its `make run`."""

import os
import signal
from pathlib import Path

_ENDING = (signal.SIGINT, signal.SIGHUP, signal.SIGTERM)


class Parent:
    """The process that started this one, as it was then.

    Asked every moment rather than told by the kernel (PR_SET_PDEATHSIG), which would end us already when the
    *thread* that started us ends, in a test run for example.
    """

    def __init__(self) -> None:
        self._pid = os.getppid()
        self._caught = _caught_by(self._pid) if _name_of(self._pid) in ("make", "gmake") else frozenset()

    def wants_the_end(self) -> str | None:
        """Why the stack should end on its parent's account, or None."""
        if os.getppid() != self._pid:
            return "whoever started it is gone"
        # GNU make hands on SIGTERM only. After INT or HUP sent to it alone it stops catching the signal and waits
        # for its children, which have not heard of it: /proc shows that.
        if self._caught - _caught_by(self._pid):
            return "make was asked to end"
        return None


def _name_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:  # no /proc here (macOS), or another's process
        return ""


def _caught_by(pid: int) -> frozenset[int]:
    """Which of the ending signals a process handles itself; all of them when that cannot be known."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return frozenset(_ENDING)
    mask = next((int(line.split()[1], 16) for line in lines if line.startswith("SigCgt:")), -1)
    return frozenset(number for number in _ENDING if mask >> (number - 1) & 1)
