"""The call or job that this process works on: log lines and counts belong to it.

The only module of observing that a gate check loads; it imports none of the others. `log.py` and `metrics.py` are
loaded with the first line that is written: a gate check that a valid pass answers writes none, it is only counted.
"""

import logging
import sys
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

LOGGER = "spilno"
_WRITTEN_EVERY = 60.0  # seconds: gate decisions are too many to be logged one by one


class Work:
    """One call or one run of a job. What only a log line needs is looked up when a line is written."""

    event_id = ""  # Stripe's, while an event is being handled
    code = ""  # of the problem that the call was answered with
    counts: Mapping[str, Any] | None = None  # that the call's own line carries, see `metrics.py`
    silent = False  # a valid pass alone answered: no line is written

    def __init__(
        self, function: str, context: Any, method: str = "", route: str = "", event: Mapping[str, Any] | None = None
    ) -> None:
        self.function = function
        self.method = method
        self.route = route
        self._context, self._event = context, event
        self.started = time.perf_counter()

    @property
    def request_id(self) -> str:
        """Lambda's identifier of this invocation; empty where there is none."""
        return str(getattr(self._context, "aws_request_id", ""))

    @property
    def gateway_id(self) -> str:
        """API Gateway's extended request id. The caller may choose `requestId`, but not this one."""
        return str(self._event["requestContext"].get("extendedRequestId", "")) if self._event else ""

    def ms(self) -> float:
        """Milliseconds since it began."""
        return round((time.perf_counter() - self.started) * 1000, 1)


class _Thread(threading.local):
    """The current work of each thread, so that two calls in one process never share identifiers.

    `logging` imports `threading` anyway; `contextvars` would be one more import at every cold start.
    """

    def __init__(self) -> None:
        self.work = Work("", None)


_thread = _Thread()


def current() -> Work:
    """The work that this thread does; one without a name before `call` or `job`."""
    return _thread.work


def call(method: str, route: str, event: Mapping[str, Any], context: Any) -> Work:
    """Begin an HTTP call. `route` is the pattern, as paths hold identifiers and tokens; `context` is Lambda's."""
    _thread.work = Work("api_handler", context, method, route, event)
    return _thread.work


def job(function: str, context: Any) -> Work:
    """Begin a run of a job. `context` is Lambda's."""
    _thread.work = Work(function, context)
    return _thread.work


class GateCounts:
    """Counts of the gate's decisions in this process, written with a later call, at most once a minute.

    Up to a minute's counts are lost when a process ends: they show how much is read, no money depends on them.
    """

    def __init__(self) -> None:
        self.opened = self.closed = 0
        self._due = 0.0

    def decided(self, opened: bool) -> None:
        """Count one decision about something that is not open to all."""
        if opened:
            self.opened += 1
        else:
            self.closed += 1

    def opened_after_all(self) -> None:
        """Count the last decision, which was to keep closed, as one to open."""
        self.opened, self.closed = self.opened + 1, self.closed - 1

    def is_due(self, now: float) -> bool:
        """Whether there are counts to write, and the last were a minute ago. `now`: seconds of a monotonic clock."""
        if not (self.opened or self.closed):
            return False
        if not self._due:  # the first minute begins with the first decision
            self._due = now + _WRITTEN_EVERY
        return now >= self._due

    def take(self, now: float) -> tuple[int, int]:
        """Answer how often it opened and closed since the last `take`, and start again at zero."""
        taken, self.opened, self.closed = (self.opened, self.closed), 0, 0
        self._due = now + _WRITTEN_EVERY
        return taken


gate = GateCounts()


def opened_by_pass() -> None:
    """Note that a valid pass alone answered this call: it is counted, and no line is written for it."""
    gate.opened += 1
    _thread.work.silent = True


def has_a_line(work: Work) -> bool:
    """Whether a call that was answered writes anything: its own line, or the gate's counts."""
    return not work.silent or gate.is_due(work.started)


class _Libraries(logging.Handler):
    """Writes the log records of other libraries, Chalice included, as lines of ours without their messages."""

    def __init__(self, as_line: Callable[[logging.LogRecord], str]) -> None:
        super().__init__()
        self._as_line = as_line

    def emit(self, record: logging.LogRecord) -> None:
        sys.stdout.write(self._as_line(record))

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own signature
        """Do nothing: the default would print the message, with a stack trace."""


stage = ""  # whose log this process writes; empty before `listen`


def listen(to: str, as_line: Callable[[logging.LogRecord], str]) -> None:
    """Write this process's log from now on: as JSON on a deployed stage, as text on the local one.

    In a Lambda function our handler replaces the runtime's own, which would quote the messages of other libraries. On
    the local stage logging that is set up already stays: by the operator's commands, the scheduler, tests.

    :param as_line: makes a line of another library's record, see `log.of_a_library`.
    """
    global stage  # noqa: PLW0603 - one process writes one log
    root = logging.getLogger()
    if to == "local" and root.handlers:
        return
    stage = to
    root.handlers[:] = [_Libraries(as_line)]
