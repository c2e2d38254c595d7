"""The log: one line for each step, with the same few keys everywhere, and nothing that is anybody's own.

    log.info("event stored", type=event.type)

A message is a fixed phrase of ours; what differs are facts: identifiers of Stripe's, kinds, counts. Never an address,
a name, a payload, a token, a path, nor the words of an error, which may quote any of them: an error is told by its
kind and its place. On a deployed stage a line is one JSON object, on the local one a line of text. docs/observing.md
lists the lines and the keys.
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

# Whatever could break a line of text, or be taken for another fact of it.
_UNSAFE = re.compile(r"[^A-Za-z0-9_.:+/<-]")
_LONGEST = 600
_FOR_MACHINES = frozenset({"function", "request_id", "method", "route", "_aws", "Stage"})
Fact = str | int | float | None


class LogLine:
    """A message and its facts. `keys` beside them are for machines: they are not shown where a person reads."""

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
    """Writes lines. `trouble` is an error, told by its kind and its place; `counts` comes from `metrics`.

    In a function a line goes straight to standard output, which Lambda takes to CloudWatch as it is; the standard
    library's way there takes three times as long. Where nobody listens (the operator's commands, tests), it takes
    that way, to whatever was set up there.
    """

    def info(self, message: str, *, counts: Mapping[str, Any] | None = None, **facts: Fact) -> None:
        """What was done."""
        _write(logging.INFO, LogLine(message, facts, counts))

    def warning(
        self,
        message: str,
        *,
        trouble: BaseException | None = None,
        counts: Mapping[str, Any] | None = None,
        **facts: Fact,
    ) -> None:
        """What did not work, and may be well all the same: it is tried again, or was not ours."""
        _write(logging.WARNING, LogLine(message, {**facts, **error_fields(trouble)}, counts))

    def error(self, message: str, *, trouble: BaseException | None = None, **facts: Fact) -> None:
        """What did not work."""
        _write(logging.ERROR, LogLine(message, {**facts, **error_fields(trouble)}))


log = Log()
_logger = logging.getLogger(log_context.LOGGER)


def _write(level: int, line: LogLine) -> None:
    if log_context.stage:
        # One write, and the stream found only now: Lambda and tests put others there.
        sys.stdout.write(written(logging.getLevelName(level), line))
    else:
        _logger.log(level, line)


def error_fields(error: BaseException | None) -> dict[str, str]:
    """An error as facts: its kind, and where it came from, innermost first."""
    if error is None:
        return {}
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames)]
    return {"error": type(error).__name__, "where": "<".join(where)}


def alarm(code: str, **facts: str | int) -> None:
    """Somebody must look: one line at ERROR with this `code`, which the metric `Alarms` counts and so wakes them.

    docs/operating.md lists the codes and what to do. `facts` are identifiers, kinds and counts, never personal.
    """
    _write(logging.ERROR, LogLine(f"alarm {code}", facts, {"code": code, **metrics.alarm(code)}))


@contextmanager
def about(event_id: str) -> Iterator[None]:
    """What is written meanwhile belongs to this event of Stripe's."""
    work = log_context.current()
    before, work.event_id = work.event_id, event_id
    try:
        yield
    finally:
        work.event_id = before


class JobFailed(Exception):
    """A job ended early: counted by Lambda as the function's error. Its words name the job and the error's kind."""


@contextmanager
def job(function: str, context: Any) -> Iterator[None]:
    """One run of a job. An error is told by kind and place, as Lambda itself would write all of its words.

    :raises JobFailed: for any error.
    """
    work = log_context.job(function, context)
    try:
        yield
    except Exception as error:  # noqa: BLE001 - the outermost edge of a job, whatever it did
        log.error("job failed", ms=work.ms(), trouble=error)  # noqa: TRY400 - never with the error's own words
        raise JobFailed(f"{function}: {type(error).__name__}") from None
    log.info("job done", ms=work.ms())


def answered(work: Work, status: int) -> None:
    """A call was answered: its line, unless it is a silent one, and what the gate has counted, where that is due.

    The local gateway writes a line of its own, for what never reaches us, too.
    """
    if not (work.silent or log_context.stage == "local"):
        facts = {"status": status, "ms": work.ms(), "code": work.code or None}
        keys = {"gateway_id": work.gateway_id} if work.gateway_id else {}
        _write(logging.INFO, LogLine("request", facts, {**keys, **(work.counts or {})}))
    gate_counts(log_context.gate, work.started)


def gate_counts(counts: GateCounts, now: float) -> None:
    """Write how often the gate opened and closed, once a minute at most. `now` in seconds of any steady clock."""
    if counts.is_due(now):
        log.info("gate", counts=metrics.gate(*counts.take(now)))


def of_a_library(record: logging.LogRecord) -> str:
    """Another library's record as a line. Its words may quote what it was given: who said it, and where, must do."""
    facts: dict[str, Any] = {"logger": record.name, "said_at": f"{record.module}:{record.lineno}"}
    if record.exc_info:
        facts |= error_fields(record.exc_info[1])
    return written(record.levelname, LogLine("said by a library", facts))


def written(level: str, line: LogLine) -> str:
    """A line as it stands in this stage's log, with its end."""
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
    """For a person at a terminal."""
    parts = [time.strftime("%H:%M:%S", time.localtime(now)), line.message]
    if level != "INFO":
        parts.insert(1, level)
    shown = {**_work(), **line.keys, **line.facts}
    parts += [f"{name}={value}" for name, value in shown.items() if name not in _FOR_MACHINES]
    return " ".join(parts) + "\n"
