"""Kills processes of the rehearsal's app in the middle of their work: only descendants of its own supervisor."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

Process = tuple[int, int, str]  # its id, its parent's, its command line
_PROC = Path("/proc")


def kill(supervisor: int, who: str) -> int:
    """Send SIGKILL to the app's function processes, or to the gateway's worker, whose master starts another.

    Only descendants of this supervisor are killed; answers how many were.
    """
    family = below(supervisor, list(_from_proc() if (_PROC / "self" / "stat").exists() else _from_ps()))
    functions = {pid for pid, (_, command) in family.items() if "localdev.gateway.function" in command}
    victims = {family[pid][0] for pid in functions} & set(family) if who == "gateway" else functions
    for pid in victims:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return len(victims)


def below(root: int, processes: list[Process]) -> dict[int, tuple[int, str]]:
    """All processes below one: id -> (parent, command line)."""
    found: dict[int, tuple[int, str]] = {}
    wanted = [root]
    while wanted:
        above = wanted.pop()
        children = {pid: (parent, command) for pid, parent, command in processes if parent == above}
        found |= children
        wanted += children
    return found


def _from_proc() -> Iterator[Process]:
    """The processes on Linux, read from /proc: a slim system has no `ps`."""
    for directory in _PROC.iterdir():
        if directory.name.isdecimal():
            with suppress(OSError):  # the process has just ended
                # The second field is the name in parentheses and may hold anything; the fourth is the parent.
                parent = (directory / "stat").read_text(errors="replace").rpartition(")")[2].split()[1]
                command = (directory / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                yield int(directory.name), int(parent), command


def _from_ps() -> Iterator[Process]:
    """The processes on other systems."""
    listed = subprocess.run(("/bin/ps", "-axo", "pid=,ppid=,args="), capture_output=True, text=True, check=True)
    for line in listed.stdout.splitlines():
        pid, parent, command = line.split(maxsplit=2)
        yield int(pid), int(parent), command
