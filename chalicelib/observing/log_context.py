"""Who is at work in this process: the call or job that log lines and counts belong to.

The only module of observing that a gate check loads; it imports none of the others. What is written, and how, is in
`log.py` and `metrics.py`, loaded with the first line: a gate check that a valid pass answers writes none, it is only
counted.
"""

import logging
import sys
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

LOGGER = "spilno"
_WRITTEN_EVERY = 60.0  # seconds: gate decisions are too many to tell one by one


class Work:
    """One call or one run of a job. What is only needed for a line is looked up when there is one."""

    event_id = ""  # Stripe's, while an event is being handled
    code = ""  # of the problem that the call was answered with
    counts: Mapping[str, Any] | None = None  # of the call's own line, see `metrics.py`
    silent = False  # a valid pass alone answered: nothing is to be learned from a line

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
        """API Gateway's own: `requestId` may be chosen by the caller, the extended one may not."""
        return str(self._event["requestContext"].get("extendedRequestId", "")) if self._event else ""

    def ms(self) -> float:
        """Milliseconds since it began."""
        return round((time.perf_counter() - self.started) * 1000, 1)


class _Thread(threading.local):
    """Each thread has its own, so that two calls in one process never lend each other their identifiers.

    `logging` brings `threading` along anyway; `contextvars` would be one more import of every cold start.
    """

    def __init__(self) -> None:
        self.work = Work("", None)


_thread = _Thread()


def current() -> Work:
    """The work that this thread does; an anonymous one where nobody said."""
    return _thread.work


def call(method: str, route: str, event: Mapping[str, Any], context: Any) -> Work:
    """An HTTP call begins. `route` is the pattern, as paths hold identifiers and tokens; `context` is Lambda's."""
    _thread.work = Work("api_handler", context, method, route, event)
    return _thread.work


def job(function: str, context: Any) -> Work:
    """A job begins."""
    _thread.work = Work(function, context)
    return _thread.work


class GateCounts:
    """Decisions of the gate, summed in this process. They are written with a later call, at most once a minute.

    A process that ends takes up to a minute's counts with it: they show how much is read, no money depends on them.
    """

    def __init__(self) -> None:
        self.opened = self.closed = 0
        self._due = 0.0

    def decided(self, opened: bool) -> None:
        """One decision about something that is not open to all."""
        if opened:
            self.opened += 1
        else:
            self.closed += 1

    def is_due(self, now: float) -> bool:
        """Whether a minute has passed since they were written. `now` in seconds of any steady clock."""
        if not (self.opened or self.closed):
            return False
        if not self._due:  # the first minute begins with the first decision
            self._due = now + _WRITTEN_EVERY
        return now >= self._due

    def take(self, now: float) -> tuple[int, int]:
        """How many opened and closed since the last time, to be written now."""
        taken, self.opened, self.closed = (self.opened, self.closed), 0, 0
        self._due = now + _WRITTEN_EVERY
        return taken


gate = GateCounts()


def opened_by_pass() -> None:
    """A valid pass alone answered this call: it is counted, and not told."""
    gate.opened += 1
    _thread.work.silent = True


def has_a_line(work: Work) -> bool:
    """Whether anything is written about a call that was answered: itself, or what the gate has counted."""
    return not work.silent or gate.is_due(work.started)


class _Libraries(logging.Handler):
    """What other libraries say, Chalice too, as one of our lines, without their words."""

    def __init__(self, as_line: Callable[[logging.LogRecord], str]) -> None:
        super().__init__()
        self._as_line = as_line

    def emit(self, record: logging.LogRecord) -> None:
        sys.stdout.write(self._as_line(record))

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own signature
        """Nothing: the default would print the words, with a stack trace."""


stage = ""  # whose log this process writes; none where nobody listens


def listen(to: str, as_line: Callable[[logging.LogRecord], str]) -> None:
    """Write this process's log from now on: as JSON on a deployed stage, as text on the local one.

    In a function our handler replaces the Lambda runtime's own, which would quote what other libraries say. On the
    local stage, whoever has set up logging already keeps it: the operator's commands, the scheduler, tests.

    :param as_line: makes a line of what another library says, see `log.of_a_library`.
    """
    global stage  # noqa: PLW0603 - one process writes one log
    root = logging.getLogger()
    if to == "local" and root.handlers:
        return
    stage = to
    root.handlers[:] = [_Libraries(as_line)]
