"""Work in forked children: each begins with everything collected and imported, and ends without a trace."""

import contextlib
import os
import pickle
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

_POLL = 0.005  # seconds


class Overtime:
    """What a child answers that did not end in time."""


class Crashed:
    """What a child answers that ended otherwise than by answering."""


@dataclass
class _Child:
    number: int
    pid: int
    answer: int  # the end of a pipe that is read
    ends_at: float
    got: bytearray = field(default_factory=bytearray)

    def read(self) -> None:
        """Take what it has written by now, so that it never waits for us."""
        with contextlib.suppress(BlockingIOError):
            while part := os.read(self.answer, 1 << 16):
                self.got += part


class Task(NamedTuple):
    """What a child does, and how many seconds it may take."""

    work: Callable[[], Any]
    limit: float


def answers(tasks: Iterable[Task], workers: int) -> Iterator[tuple[int, Any]]:
    """What each task answers, with its number, as they end; so many children at a time."""
    waiting = iter(enumerate(tasks))
    running: list[_Child] = []
    try:
        while True:
            while len(running) < workers and (following := next(waiting, None)):
                running.append(_started(*following))
            if not running:
                return
            for child in list(running):
                ended, answer = _looked_at(child)
                if ended:
                    running.remove(child)
                    yield child.number, answer
            time.sleep(_POLL)
    finally:
        for child in running:
            _end(child)


def _started(number: int, task: Task) -> _Child:
    sys.stdout.flush()
    sys.stderr.flush()
    answer, give = os.pipe()
    pid = os.fork()
    if pid == 0:
        _be_child(task.work, give)
    os.close(give)
    with contextlib.suppress(OSError):
        os.setpgid(pid, pid)  # as it does itself: whichever comes first, it can be ended as a group from here on
    os.set_blocking(answer, False)
    return _Child(number, pid, answer, time.monotonic() + task.limit)


def _be_child(work: Callable[[], Any], give: int) -> None:
    """Never returns: neither pytest's nor anybody's end of the program is this process's business."""
    code = 1
    with contextlib.suppress(BaseException):
        os.setpgid(0, 0)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        silence = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(silence, stream)
        with os.fdopen(give, "wb") as out:
            pickle.dump(work(), out)
        code = 0
    os._exit(code)


def _looked_at(child: _Child) -> tuple[bool, Any]:
    """Whether it ended, and what it answered."""
    child.read()
    if time.monotonic() > child.ends_at:
        _end(child)
        return True, Overtime()
    pid, status = os.waitpid(child.pid, os.WNOHANG)
    if not pid:
        return False, None
    child.read()
    os.close(child.answer)
    return True, pickle.loads(child.got) if status == 0 else Crashed()  # noqa: S301 - of our own child


def _end(child: _Child) -> None:
    """End a child, and whatever it started in its own group of processes."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    os.waitpid(child.pid, 0)
    os.close(child.answer)
