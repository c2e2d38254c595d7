"""Starting, watching and ending the child processes of the local stack."""

import contextlib
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path

from localdev.parts import Part
from localdev.ports import ROOT

READY_SECONDS = 120  # a slow machine on its first start
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a proxy set for the world is not for us


class PartFailed(Exception):
    """A part ended by itself, or did not become ready; the sentence says which, with the end of its log."""


class Child:
    """One running part. It has a session of its own, so that a terminal's Ctrl-C reaches the supervisor only."""

    def __init__(self, part: Part, logs: Path, lock: int) -> None:
        self.part = part
        self._log = logs / f"{part.name}.log"
        if self._log.exists():
            self._log.replace(logs / f"{part.name}.1.log")
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                part.command,
                cwd=ROOT,
                env=dict(part.environment) or {**os.environ, "PYTHONUNBUFFERED": "1"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=(lock,),  # held until the last of us has ended
            )

    def check(self) -> None:
        """Nothing while it runs.

        :raises PartFailed: when it has ended.
        """
        status = self._process.poll()
        if status is not None:
            raise PartFailed(f"{self.part.title} ended by itself ({_told(status)}).\n{self._last_lines()}")

    def finished(self) -> bool:
        """Whether a part that does one thing and ends has done it.

        :raises PartFailed: it ended with an error.
        """
        status = self._process.poll()
        if status not in (None, 0):
            self.check()
        return status == 0

    def ready(self) -> bool:
        """Whether it answers."""
        if self.part.url is None:
            return True
        try:
            with _OPENER.open(self.part.url, timeout=5) as answer:
                return bool(answer.status < self.part.below)
        except urllib.error.HTTPError as error:
            error.close()
            return error.code < self.part.below
        except OSError:
            return False

    def terminate(self) -> None:
        """Ask it to end."""
        if self._process.poll() is None:
            self._process.terminate()

    def wait(self, seconds: float) -> bool:
        """Wait for its end, then end what it may have left behind; False when it had to be killed."""
        try:
            self._process.wait(seconds)
            in_time = True
        except subprocess.TimeoutExpired:
            in_time = False
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        return in_time

    def _last_lines(self) -> str:
        lines = self._log.read_text(errors="replace").splitlines()[-15:]
        return "\n".join([f"The end of {self._log}:", *(f"    {line}" for line in lines)])


def wait_until_ready(children: Sequence[Child], check: Callable[[], None]) -> None:
    """Wait until all answer; `check` is called between the tries and may raise.

    :raises PartFailed: one of them ended, or did not answer in time.
    """
    deadline = time.monotonic() + READY_SECONDS
    waiting = list(children)
    while waiting:
        check()
        for child in waiting:
            child.check()
        waiting = [child for child in waiting if not child.ready()]
        if waiting and time.monotonic() > deadline:
            raise PartFailed(f"{waiting[0].part.title} does not answer at {waiting[0].part.url}.")
        time.sleep(0.1 if waiting else 0)


def _told(status: int) -> str:
    return f"status {status}" if status >= 0 else f"killed by {signal.Signals(-status).name}"
