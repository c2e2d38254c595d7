"""One process that owns all others of the local stack, from the first port to the last saved byte.

It ends them when it gets INT, TERM or HUP, when make is gone or has been asked to go, and when one of them ends by
itself: a stack with a part missing would only mislead. Its own death, by `kill -9` too, ends them as well: see
`keeper`. Local AWS goes last, because it saves its state while it ends.
"""

import os
import signal
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from localdev import parts
from localdev.parents import Parent
from localdev.parts import Part
from localdev.ports import Ports
from localdev.processes import Child, PartFailed, wait_until_ready
from localdev.requests_log import RequestsLog

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class AskedToEnd(Exception):
    """Somebody wants the stack to end; the sentence says who."""


class Supervisor:
    """The whole stack's life. `lock` is the descriptor of the data directory's lock."""

    def __init__(self, ports: Ports, data: Path, lock: int, without: Iterable[str] = ()) -> None:
        self._ports, self._data, self._lock = ports, data, lock
        self._without = frozenset(without)
        self._logs = data / "logs"
        self._logs.mkdir(parents=True, exist_ok=True)
        self._children: list[Child] = []
        self._signal: int | None = None
        self._parent = Parent()
        self._requests = RequestsLog(self._logs / "requests.log")

    def listen(self) -> None:
        """Take INT, TERM and HUP from now on; HUP not under `nohup`, which means to outlive its terminal."""
        for number in SIGNALS:
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._note)

    def _note(self, number: int, _frame: object) -> None:
        self._signal = number

    def start(self) -> None:
        """Start everything in order; the app's port opens last.

        :raises AskedToEnd: a signal came meanwhile.
        :raises PartFailed: a part did not come up.
        """
        wait_until_ready(self._run(parts.local_aws(self._ports, self._data)), self.check)
        neighbours = self._run(*parts.neighbours(self._ports, os.environ))
        self._once(Part("prepare", "the table and the demo data", parts.python("localdev.prepare")))
        wait_until_ready(neighbours, self.check)
        self._run(parts.scheduler(self._requests.file))
        wait_until_ready(self._run(parts.app(self._ports, self._requests.file)), self.check)

    def watch(self) -> None:
        """Stay until there is a reason to end.

        :raises AskedToEnd: a signal, or make is gone.
        :raises PartFailed: a part ended by itself.
        """
        while True:
            self.check()
            for child in self._children:
                child.check()
            self._requests.show_new()
            time.sleep(0.2)

    def check(self) -> None:
        """Raise AskedToEnd when it is time to go."""
        if self._signal is not None:
            raise AskedToEnd(signal.Signals(self._signal).name)
        if reason := self._parent.wants_the_end():
            raise AskedToEnd(reason)

    def stop(self) -> bool:
        """End all children, local AWS last; a second signal changes nothing. False when one had to be killed."""
        last = ("aws", "mailbox")  # the mailbox fetches what was sent to the very end
        first = [child for child in reversed(self._children) if child.part.name not in last]
        well = self._end(first, 8)
        for name, seconds in (("mailbox", 8), ("aws", 60)):
            well &= self._end([child for child in self._children if child.part.name == name], seconds)
        self._children.clear()
        return well

    def _run(self, *wanted: Part) -> list[Child]:
        started = [Child(part, self._logs, self._lock) for part in wanted if part.name not in self._without]
        self._children += started
        return started

    def _once(self, part: Part) -> None:
        (child,) = self._run(part)
        while not child.finished():
            self.check()
            time.sleep(0.05)
        self._children.remove(child)

    @staticmethod
    def _end(children: list[Child], seconds: float) -> bool:
        for child in children:
            child.terminate()
        deadline = time.monotonic() + seconds
        in_time = [child.wait(max(0.1, deadline - time.monotonic())) for child in children]
        return all(in_time)


def say(*lines: str) -> None:
    """Tell the person at the terminal; a terminal that is gone is no reason to fail."""
    try:
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()
    except OSError:
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 - open as long as we live


def run(supervisor: Supervisor, welcome: Iterable[str]) -> int:
    """Start, stay, end; answers the exit status."""
    status = 0
    supervisor.listen()
    try:
        supervisor.start()
        say(*welcome)
        supervisor.watch()
    except AskedToEnd as reason:
        say("", f"Ending ({reason}); the data stays ...")
    except PartFailed as failure:
        say("", str(failure), "So the whole stack ends; the data stays.")
        status = 1
    finally:
        well = supervisor.stop()
    say("All ended." if well else "All ended; a part had to be killed.")
    return status
