"""The log: one line for each step, with the same few keys everywhere, and nothing that is anybody's own.

    log.info("event stored", type=event.type)

A message is a fixed phrase of ours; what differs are facts: identifiers of Stripe's, kinds, counts. Never an address,
a name, a payload, a token, a path, nor the words of an error, which may quote any of them: an error is told by its
kind and its place. On a deployed stage a line is one JSON object, on the local one a line of text.
"""

import json
import logging
import re
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from chalicelib import watching
from chalicelib.watching import LOGGER, Work

# Whatever could break a line of text, or be taken for another fact of it.
_UNSAFE = re.compile(r"[^A-Za-z0-9_.:+/<-]")
_LONGEST = 600
_FOR_MACHINES = ("timestamp", "level", "message", "function", "request_id", "gateway_id")
Fact = str | int | float


class Line:
    """A message and its facts; as text `message name=value …`. `keys` are for machines, and not in the text."""

    def __init__(self, message: str, facts: Mapping[str, Any], keys: Mapping[str, Any] | None = None) -> None:
        self.message = message
        self.facts = {name: _clean(value) for name, value in facts.items() if value is not None}
        self.keys = keys or {}

    def __str__(self) -> str:
        return " ".join((self.message, *(f"{name}={value}" for name, value in self.facts.items())))


def _clean(value: object) -> Fact:
    return value if isinstance(value, (int, float)) else _UNSAFE.sub("_", str(value))[:_LONGEST]


class Log:
    """Writes lines. Arguments by position fill the message's `%s`, for what is no fact of its own."""

    def __init__(self, logger: logging.Logger) -> None:
        self._logger = logger

    def info(self, message: str, *args: object, **facts: Fact | None) -> None:
        """What was done."""
        self._logger.info(Line(message, facts), *args)

    def warning(
        self, message: str, *args: object, trouble: BaseException | None = None, **facts: Fact | None
    ) -> None:
        """What did not work, and will be tried again. `trouble` is told by its kind and its place."""
        self._logger.warning(Line(message, {**facts, **_told(trouble)}), *args)

    def error(self, message: str, *args: object, trouble: BaseException | None = None, **facts: Fact | None) -> None:
        """What did not work."""
        self._logger.error(Line(message, {**facts, **_told(trouble)}), *args)

    def write(self, level: int, line: Line) -> None:
        """A line that was put together elsewhere."""
        self._logger.log(level, line)


log = Log(logging.getLogger(LOGGER))


def _told(error: BaseException | None) -> dict[str, str]:
    """An error as facts: its kind, and where it came from, innermost first."""
    if error is None:
        return {}
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames)]
    return {"error": type(error).__name__, "where": "<".join(where)}


def place(error: BaseException) -> str:
    """The same in one word, for a sentence: `TypeError:supporters.py:83<apply_event.py:64`."""
    return ":".join(_told(error).values())


def alarm(code: str, **facts: str | int) -> None:
    """Somebody must look: one line at ERROR with this `code`, and the metric `Alarms`, which wakes them.

    docs/operating.md lists the codes and what to do. `facts` are identifiers, kinds and counts, never personal.
    """
    from chalicelib import metrics

    log.write(logging.ERROR, Line(f"alarm {code}", facts, {"code": code}))
    metrics.alarm(code)


@contextmanager
def about(event_id: str) -> Iterator[None]:
    """What is written meanwhile belongs to this event of Stripe's."""
    work = watching.current()
    before, work.event_id = work.event_id, event_id
    try:
        yield
    finally:
        work.event_id = before


class JobFailed(Exception):  # noqa: N818 - reads as what happened
    """A job ended early: counted by Lambda as the function's error. Its words name the job and the error's kind."""


@contextmanager
def job(function: str, context: Any) -> Iterator[None]:
    """One run of a job. An error is told by kind and place, as Lambda itself would write all of its words.

    :raises JobFailed: for any error.
    """
    work = watching.job(function, watching.context_id(context))
    try:
        yield
    except Exception as error:  # noqa: BLE001 - the outermost edge of a job, whatever it did
        log.error("job failed", ms=work.ms(), trouble=error)  # noqa: TRY400 - never with the error's own words
        raise JobFailed(f"{function}: {type(error).__name__}") from None
    log.info("job done", ms=work.ms())


def answered(work: Work, status: int) -> None:
    """A call was answered."""
    code, gateway_id = work.code or None, work.gateway_id or None
    log.info("request", status=status, ms=work.ms(), code=code, gateway_id=gateway_id)


def line(record: logging.LogRecord, stage: str) -> str:
    """A record as it is written on this stage."""
    fields = _fields(record)
    if stage != "local":
        return json.dumps(fields)
    told = [time.strftime("%H:%M:%S", time.localtime(record.created)), fields["message"]]
    if record.levelno > logging.INFO:
        told.insert(1, record.levelname)
    machines = {*_FOR_MACHINES, *(record.msg.keys if isinstance(record.msg, Line) else ())}
    return " ".join((*told, *(f"{name}={value}" for name, value in fields.items() if name not in machines)))


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    """The keys of a line, in their order."""
    work = watching.current()
    at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
    fields: dict[str, Any] = {"timestamp": f"{at}.{int(record.msecs):03d}Z", "level": record.levelname, "message": ""}
    for name in ("function", "request_id", "method", "route", "event_id"):
        if value := getattr(work, name):
            fields[name] = value
    if isinstance(record.msg, Line):
        fields["message"] = record.msg.message % record.args if record.args else record.msg.message
        fields |= {**record.msg.keys, **record.msg.facts}
    else:
        # Another library's: its words may quote what it was given. Who said it, and where, is enough to look it up.
        fields |= {
            "message": "said by a library",
            "logger": record.name,
            "said_at": f"{record.module}:{record.lineno}",
        }
    if record.exc_info and record.exc_info[1]:
        fields |= _told(record.exc_info[1])
    return fields
