"""The log: one line for each step, with the same few keys everywhere, and no personal data.

    log.info("event stored", type=event.type)

A message is a fixed phrase of ours; what differs are facts: identifiers of Stripe's, kinds, counts. Never an address,
a name, a payload, a token, a path, nor the message of an error, which may quote any of them: an error is logged by
its type and its place. On a deployed stage a line is one JSON object, on the local one a line of text.
docs/observing.md lists the lines and the keys.
"""

import json
import logging
import re
import sys
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from chalicelib.observing import log_context, metrics
from chalicelib.observing.log_context import GateCounts, Work

# Characters that could break a line of text, or make a value look like another fact.
_UNSAFE = re.compile(r"[^A-Za-z0-9_.:+/<-]")
_LONGEST = 600
_FOR_MACHINES = frozenset({"function", "request_id", "method", "route", "_aws", "Stage"})
Fact = str | int | float | None


class LogLine:
    """One line of the log: a message and its facts. `keys` are for machines, and not shown to people."""

    def __init__(self, message: str, facts: Mapping[str, Any], keys: Mapping[str, Any] | None = None) -> None:
        self.message = message
        self.facts = {name: _clean(value) for name, value in facts.items() if value is not None}
        self.keys = keys or {}

    def __str__(self) -> str:
        """`message name=value …`, for the standard library's formatters."""
        return " ".join((self.message, *(f"{name}={value}" for name, value in self.facts.items())))


def _clean(value: object) -> str | int | float:
    return value if isinstance(value, (int, float)) else _UNSAFE.sub("_", str(value))[:_LONGEST]


class Log:
    """Writes lines. `trouble` is an error, logged by its type and its place; `counts` comes from `metrics`.

    In a Lambda function a line goes straight to standard output, which Lambda passes to CloudWatch as it is; the
    standard library's `logging` would take three times as long. Where `listen` was not called (the operator's
    commands, tests), lines go through `logging`, to whatever is set up there.
    """

    def info(self, message: str, *, counts: Mapping[str, Any] | None = None, **facts: Fact) -> None:
        """Log what was done."""
        _write(logging.INFO, LogLine(message, facts, counts))

    def warning(
        self,
        message: str,
        *,
        trouble: BaseException | None = None,
        counts: Mapping[str, Any] | None = None,
        **facts: Fact,
    ) -> None:
        """Log what did not work and may need nobody: it is tried again, or was not ours."""
        _write(logging.WARNING, LogLine(message, {**facts, **error_fields(trouble)}, counts))

    def error(self, message: str, *, trouble: BaseException | None = None, **facts: Fact) -> None:
        """Log what did not work."""
        _write(logging.ERROR, LogLine(message, {**facts, **error_fields(trouble)}))


log = Log()
_logger = logging.getLogger(log_context.LOGGER)


def _write(level: int, line: LogLine) -> None:
    if log_context.stage:
        # One write, to the stream as it is now: Lambda and tests replace it.
        sys.stdout.write(written(logging.getLevelName(level), line))
    else:
        _logger.log(level, line)


def error_fields(error: BaseException | None) -> dict[str, str]:
    """An error as facts: its type, and the lines it came through, innermost first."""
    if error is None:
        return {}
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames)]
    return {"error": type(error).__name__, "where": "<".join(where)}


def alarm(code: str, **facts: str | int) -> None:
    """Raise an alarm: one line at ERROR with this `code`. The metric `Alarms` counts it, and so wakes the operator.

    docs/operating.md lists the codes and what to do. `facts` are identifiers, kinds and counts, never personal data.
    """
    _write(logging.ERROR, LogLine(f"alarm {code}", facts, {"code": code, **metrics.alarm()}))


@contextmanager
def about(event_id: str) -> Iterator[None]:
    """Add this event's id (Stripe's) to every line that is written within the block."""
    work = log_context.current()
    before, work.event_id = work.event_id, event_id
    try:
        yield
    finally:
        work.event_id = before


class JobFailed(Exception):
    """A job failed; Lambda counts it as the function's error. The message names the job and the error's type."""


@contextmanager
def job(function: str, context: Any) -> Iterator[None]:
    """Log one run of a job. An error is logged by type and place; Lambda itself would write its whole message.

    :raises JobFailed: in the place of any error.
    """
    work = log_context.job(function, context)
    try:
        yield
    except Exception as error:  # noqa: BLE001 - the outermost edge of a job, whatever it did
        log.error("job failed", ms=work.ms(), trouble=error)  # noqa: TRY400 - never with the error's own words
        raise JobFailed(f"{function}: {type(error).__name__}") from None
    log.info("job done", ms=work.ms())


def answered(work: Work, status: int) -> None:
    """Log a call that was answered, unless it is silent, and write the gate's counts if they are due.

    On the local stage the gateway writes that line, also for calls that never reach us.
    """
    if not (work.silent or log_context.stage == "local"):
        facts = {"status": status, "ms": work.ms(), "code": work.code or None}
        keys = {"gateway_id": work.gateway_id} if work.gateway_id else {}
        _write(logging.INFO, LogLine("request", facts, {**keys, **(work.counts or {})}))
    gate_counts(log_context.gate, work.started)


def gate_counts(counts: GateCounts, now: float) -> None:
    """Write how often the gate opened and closed, once a minute at most. `now`: seconds of a monotonic clock."""
    if counts.is_due(now):
        log.info("gate", counts=metrics.gate(*counts.take(now)))


def of_a_library(record: logging.LogRecord) -> str:
    """A line for another library's log record: only its logger and its place, as its message may quote anything."""
    facts: dict[str, Any] = {"logger": record.name, "said_at": f"{record.module}:{record.lineno}"}
    if record.exc_info:
        facts |= error_fields(record.exc_info[1])
    return written(record.levelname, LogLine("said by a library", facts))


def written(level: str, line: LogLine) -> str:
    """A line as text in the form of this stage's log, with its newline."""
    now = time.time()
    if log_context.stage == "local":
        return _text(level, line, now)
    at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now))
    begins = {"timestamp": f"{at}.{int(now % 1 * 1000):03d}Z", "level": level, "message": line.message}
    return json.dumps({**begins, **_work(), **line.keys, **line.facts}) + "\n"


def _work() -> dict[str, str]:
    work = log_context.current()
    keys = {
        "function": work.function,
        "request_id": work.request_id,
        "method": work.method,
        "route": work.route,
        "event_id": work.event_id,
    }
    return {name: value for name, value in keys.items() if value}


def _text(level: str, line: LogLine, now: float) -> str:
    """A line as text for a person at a terminal."""
    parts = [time.strftime("%H:%M:%S", time.localtime(now)), line.message]
    if level != "INFO":
        parts.insert(1, level)
    shown = {**_work(), **line.keys, **line.facts}
    parts += [f"{name}={value}" for name, value in shown.items() if name not in _FOR_MACHINES]
    return " ".join(parts) + "\n"
