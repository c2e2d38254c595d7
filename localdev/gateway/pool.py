"""The function processes: warm Lambda instances, each with one event at a time.

An event goes in as one line of JSON, the answer comes back as one line. A process that dies or takes too long
is replaced. When the pool's owner ends, in whatever way, the processes see the end of their input and end too.
"""

import json
import os
import queue
import selectors
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from localdev.ports import ROOT

FUNCTION_SECONDS = 29  # API Gateway's longest integration time
PAYLOAD_BYTES = 6 * 1024 * 1024  # Lambda's invocation payload and response
START_SECONDS = 60
REQUESTS_LOG = "SPILNO_REQUESTS_LOG"  # tells a function process the file that its log goes to


class FunctionFailed(Exception):
    """The function raised, died, or answered what is no JSON; the sentence says which."""


class FunctionTimedOut(Exception):
    """No answer within `FUNCTION_SECONDS`. The process has been ended, as Lambda does at its time-out."""


class PayloadTooLarge(Exception):
    """The event is more than Lambda takes."""


class FunctionProcess:
    """One warm instance. Not for two threads at once; the pool sees to that."""

    def __init__(self, app: str, log: Path | None = None) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "localdev.gateway.function", app],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            env={**os.environ, REQUESTS_LOG: str(log or "")},
        )
        assert self._process.stdin
        assert self._process.stdout
        self._stdin, self._stdout = self._process.stdin, self._process.stdout
        self._rest = b""

    def send(self, line: bytes) -> bool:
        """Hand over one event; False when the process had died before it took any."""
        view = memoryview(line)
        try:
            while view:
                view = view[self._stdin.write(view) :]
        except OSError:
            return False
        return True

    def receive(self, seconds: float) -> Any:
        """The next line, decoded.

        :raises FunctionTimedOut: after so many seconds.
        :raises FunctionFailed: the process ended, or wrote no JSON.
        """
        deadline = time.monotonic() + seconds
        chunks = [self._rest]
        with selectors.DefaultSelector() as ready:
            ready.register(self._stdout, selectors.EVENT_READ)
            while b"\n" not in chunks[-1]:
                if not ready.select(max(0.0, deadline - time.monotonic())):
                    raise FunctionTimedOut(f"no answer in {seconds:g} s")
                chunk = os.read(self._stdout.fileno(), 1 << 20)
                if not chunk:
                    raise FunctionFailed(f"the process ended with {self._process.wait()}")
                chunks.append(chunk)
        line, _, self._rest = b"".join(chunks).partition(b"\n")
        try:
            return json.loads(line.decode("utf-8", "surrogatepass"))
        except ValueError as error:
            raise FunctionFailed("no JSON") from error

    def close(self, *, kill: bool = False) -> None:
        """Let it finish and end; or end it now."""
        if kill:
            self._process.kill()
        self._stdin.close()
        try:
            self._process.wait(FUNCTION_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._stdout.close()


class Pool:
    """A fixed number of function processes for one app (`module:attribute`), which write their log to a file.

    :raises FunctionFailed: the app does not load.
    """

    def __init__(self, app: str, size: int, log: Path | None = None) -> None:
        self._app, self._log = app, log
        # Last in, first out: the warmest instance is used again, as in Lambda.
        self._idle: queue.LifoQueue[FunctionProcess | None] = queue.LifoQueue()
        first = FunctionProcess(app, log)  # alone: an app that does not load says so once
        self.about: dict[str, Any] = first.receive(START_SECONDS)
        others = [FunctionProcess(app, log) for _ in range(size - 1)]
        for process in others:
            process.receive(START_SECONDS)
        for process in (*others, first):
            self._idle.put(process)

    def invoke(self, event: dict[str, Any]) -> Any:
        """The function's answer to one event; waits while all instances are busy.

        :raises PayloadTooLarge: the event is over 6 MB as JSON.
        :raises FunctionTimedOut: no answer in 29 s.
        :raises FunctionFailed: an error instead of an answer, or an answer over 6 MB.
        """
        line = json.dumps(event, ensure_ascii=False).encode("utf-8", "surrogatepass")
        if len(line) > PAYLOAD_BYTES:
            raise PayloadTooLarge
        process = self._idle.get()
        try:
            process = process or self._started()
            if not process.send(line + b"\n"):
                process.close(kill=True)
                process = self._started()
                process.send(line + b"\n")
            frame = process.receive(FUNCTION_SECONDS)
        except (FunctionFailed, FunctionTimedOut):
            if process:
                process.close(kill=True)
            process = None  # the next request starts a new one
            raise
        finally:
            self._idle.put(process)
        if "error" in frame:
            raise FunctionFailed(frame["error"])
        return frame["answer"]

    def _started(self) -> FunctionProcess:
        process = FunctionProcess(self._app, self._log)
        process.receive(START_SECONDS)
        return process

    def close(self) -> None:
        """End all idle processes; the busy ones end with their input."""
        while not self._idle.empty():
            process = self._idle.get()
            if process:
                process.close()
