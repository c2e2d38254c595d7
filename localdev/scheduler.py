"""python -m localdev.scheduler: runs the app's scheduled functions, as EventBridge and Lambda would.

Which functions there are, and how often they run, comes from the Chalice app itself. Local time is short, so a
schedule runs twenty times as often here (every 5 minutes: every 15 seconds), and at once after the stack's clock
was moved past its next time. At the start only what runs every few minutes runs at once: the rest first waits for
its turn, so that a stack that was just started is left to whoever started it. One runs at a time, a minute at most.
"""

import json
import logging
import os
import re
import signal
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from chalicelib.observing import log_context
from localdev import business_clock
from localdev.gateway.context import REGION, LambdaContext
from localdev.gateway.event import ACCOUNT
from localdev.gateway.function import load
from localdev.gateway.pool import REQUESTS_LOG
from localdev.stripe_poller import Poller, poller_from_environment

FASTER = 20
SECONDS = 60  # that one run may take: the others wait meanwhile, and so does the end of the stack
OFTEN = timedelta(minutes=5)
_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_NEWS = ("event", "mail", "gift", "refund", "dispute")
_NEVER_RAN = datetime.min.replace(tzinfo=UTC)
_log = logging.getLogger("scheduler")


@dataclass
class Schedule:
    """One scheduled function. `period` is what it has in production; `due` is when it runs next here."""

    name: str
    handler: Callable[[Any, Any], Any]
    period: timedelta
    due_real: float = 0.0
    due_business: datetime = _NEVER_RAN

    def is_due(self, real: float, business: datetime) -> bool:
        """By this machine's clock, or by the stack's."""
        return real >= self.due_real or business >= self.due_business

    def run(self) -> None:
        """Call it once with an event as EventBridge sends it. Its errors are logged, as Lambda's would be."""
        self.due_real = time.monotonic() + self.period.total_seconds() / FASTER
        self.due_business = business_clock.now() + self.period
        started = time.monotonic()
        try:
            answer = self.handler(json.loads(json.dumps(event(self.name))), LambdaContext(self.name, SECONDS))
            json.dumps(answer)
        except Exception:  # noqa: BLE001 - one function's error must not end the others
            _log.exception("%s failed", self.name)
        else:
            _log.info("%s ran in %.0f ms: %s", self.name, (time.monotonic() - started) * 1000, answer)


def event(name: str) -> dict[str, Any]:
    """A scheduled event: https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-cloudwatch-events.html."""
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": REGION,
        "resources": [f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{name}"],
        "detail": {},
    }


def schedules(app: Any) -> list[Schedule]:
    """The scheduled functions that a Chalice app has registered."""
    return [
        _planned(source.name, app.handler_map[source.name], period(source.schedule_expression))
        for source in app.event_sources
        if hasattr(source, "schedule_expression")
    ]


def _planned(name: str, handler: Callable[[Any, Any], Any], every: timedelta) -> Schedule:
    if every <= OFTEN:
        return Schedule(name, handler, every)
    return Schedule(
        name, handler, every, time.monotonic() + every.total_seconds() / FASTER, business_clock.now() + every
    )


def period(expression: Any) -> timedelta:
    """How often a schedule runs; a cron expression counts as daily, for here it only sets the pace."""
    written = expression if isinstance(expression, str) else expression.to_string()
    found = _RATE.fullmatch(written)
    if not found:
        return timedelta(days=1)
    return timedelta(**{f"{found[2]}s": int(found[1])})


def loop(planned: list[Schedule], poller: Poller | None, ending: threading.Event) -> None:
    """Run what is due, until asked to end; a run under way is finished first."""
    while not ending.wait(1):
        business = business_clock.now()
        for schedule in planned:
            if not ending.is_set() and schedule.is_due(time.monotonic(), business):
                schedule.run()
        if poller:
            poller.poll()


def show_steps(file: Path) -> None:
    """Have what the jobs did to an event, a mail or money stand among the requests; that they ran is no news."""

    def wanted(record: logging.LogRecord) -> bool:
        event_id = log_context.current().event_id
        record.of = f" event_id={event_id}" if event_id else ""
        return record.levelno > logging.INFO or str(record.msg).startswith(_NEWS)

    handler = logging.FileHandler(file)
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s%(of)s", "%H:%M:%S"))
    handler.addFilter(wanted)
    logging.getLogger(log_context.LOGGER).addHandler(handler)


def main() -> None:
    """Run until SIGTERM or SIGINT."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    if file := os.environ.get(REQUESTS_LOG):
        show_steps(Path(file))
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    planned = schedules(load("app:app"))
    _log.info("Scheduled: %s", ", ".join(f"{s.name} every {s.period / FASTER}" for s in planned) or "nothing")
    loop(planned, poller_from_environment(), ending)


if __name__ == "__main__":
    main()
