"""Processes of the rehearsal's app that end in the middle of what they do. Only descendants of its own supervisor."""

import os
import signal
import subprocess
from contextlib import suppress


def below(root: int, processes: str) -> dict[int, tuple[int, str]]:
    """All processes below one, from `ps -axo pid=,ppid=,args=`: pid -> (parent, command line)."""
    every: dict[int, tuple[int, str]] = {}
    for line in processes.splitlines():
        pid, of, command = line.split(maxsplit=2)
        every[int(pid)] = (int(of), command)
    found: dict[int, tuple[int, str]] = {}
    wanted = [root]
    while wanted:
        parent = wanted.pop()
        children = {pid: one for pid, one in every.items() if one[0] == parent}
        found |= children
        wanted += children
    return found


def kill(supervisor: int, who: str) -> int:
    """SIGKILL to the function processes of the app, or to the gateway's worker, whose master starts another.

    Only among the descendants of this supervisor; answers how many there were.
    """
    listed = subprocess.run(("/bin/ps", "-axo", "pid=,ppid=,args="), capture_output=True, text=True, check=True)
    family = below(supervisor, listed.stdout)
    functions = {pid for pid, (_, command) in family.items() if "localdev.gateway.function" in command}
    victims = {family[pid][0] for pid in functions} & set(family) if who == "gateway" else functions
    for pid in victims:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return len(victims)
