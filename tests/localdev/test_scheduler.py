"""Scheduled functions are found in the app and run as Lambda would run them; Stripe's events are fetched in order."""

import hashlib
import hmac
import json
import logging
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from chalice.app import Chalice, Cron, Rate
from flask import Flask, jsonify, request
from werkzeug.serving import make_server

from chalicelib.observing import log_context
from chalicelib.observing.log import about, alarm, log
from chalicelib.observing.log_context import LOGGER
from localdev import business_clock, scheduler
from localdev.parts import needs_stand_in
from localdev.scheduler import Schedule, loop, period, schedules
from localdev.stripe_poller import Poller
from testkit.waiting import until


@pytest.fixture(autouse=True)
def own_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPILNO_DATA", str(tmp_path))


def app_with(seen: list[Any]) -> Chalice:
    app = Chalice(app_name="scheduled")

    @app.schedule(Rate(5, unit=Rate.MINUTES))
    def sweep(event: Any) -> dict[str, int]:
        seen.append(event.to_dict())
        return {"applied": 1}

    @app.schedule(Cron(0, 3, "*", "*", "?", "*"))
    def fails(_event: Any) -> None:
        seen.append("failed")
        raise RuntimeError("this one always fails")

    @app.lambda_function()
    def not_scheduled(_event: Any, _context: Any) -> None:
        raise AssertionError("Nobody has scheduled this.")

    return app


def run_until(planned: list[Schedule], done: Any) -> None:
    ending = threading.Event()
    thread = threading.Thread(target=loop, args=(planned, None, ending))
    thread.start()
    try:
        until(done, "the schedules to run")
    finally:
        ending.set()
        thread.join()


def test_the_apps_schedules_run_at_once_with_an_eventbridge_event_and_one_that_fails_stops_nobody() -> None:
    seen: list[Any] = []
    planned = schedules(app_with(seen))
    assert [(s.name, s.period) for s in planned] == [("sweep", timedelta(minutes=5)), ("fails", timedelta(days=1))]
    planned[1].due_real = 0
    run_until(planned, lambda: len(seen) == 2)
    assert seen[0]["source"] == "aws.events"
    assert seen[0]["detail-type"] == "Scheduled Event"
    assert seen[1] == "failed"


def test_what_runs_rarely_waits_for_its_turn_when_the_stack_starts() -> None:
    often, rarely = schedules(app_with([]))
    assert often.is_due(time.monotonic(), business_clock.now())
    assert not rarely.is_due(time.monotonic() + 3600, business_clock.now())
    assert rarely.is_due(time.monotonic() + 86_400 / 20 + 1, business_clock.now())


def test_a_function_hears_how_long_it_may_run() -> None:
    app = Chalice(app_name="scheduled")
    left: list[int] = []

    @app.schedule(Rate(5, unit=Rate.MINUTES))
    def sweep(event: Any) -> None:
        left.append(event.context.get_remaining_time_in_millis())

    schedules(app)[0].run()
    assert 55_000 < left[0] <= 60_000


def test_our_own_schedules_are_these() -> None:
    import app

    minutes = {planned.name: planned.period.total_seconds() / 60 for planned in schedules(app.app)}
    assert minutes == {
        "sweep": 5,
        "reconcile_undelivered": 10,
        "reconcile_events": 60,
        "reconcile_money": 60,
        "count_supporters": 1440,
        "daily_mails": 1440,
        "erase": 60,
    }


def test_moving_the_stacks_clock_runs_what_has_become_due() -> None:
    seen: list[Any] = []
    planned = schedules(app_with(seen))[:1]
    run_until(planned, lambda: len(seen) == 1)
    business_clock.of_the_stack().advance(timedelta(minutes=4))
    assert not planned[0].is_due(0, business_clock.now())
    business_clock.of_the_stack().advance(timedelta(minutes=1))
    assert planned[0].is_due(0, business_clock.now())


@pytest.mark.parametrize(
    ("expression", "expected"),
    [("rate(1 minute)", timedelta(minutes=1)), (Rate(2, unit=Rate.HOURS), timedelta(hours=2)),
     ("cron(0 3 * * ? *)", timedelta(days=1))],
)  # fmt: skip
def test_a_period_is_read_from_the_expression(expression: object, expected: timedelta) -> None:
    assert period(expression) == expected


SECRET = "whsec_test"


class FakeStripe:
    """Stripe's event list, newest first, and our webhook beside it; `down` makes the webhook refuse."""

    def __init__(self) -> None:
        self.events: list[dict[str, str]] = []
        self.received: list[str] = []
        self.down = False
        app = Flask(__name__)
        app.get("/v1/events")(self._list)
        app.post("/v1/stripe/webhook")(self._webhook)
        self.server = make_server("127.0.0.1", 0, app, threaded=True)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def happen(self, *names: str) -> None:
        for name in names:
            self.events.insert(0, {"id": name})

    def _list(self) -> Any:
        assert request.headers["Authorization"] == "Bearer sk_test_x"
        assert request.headers["Stripe-Version"] == "2026-10-28.endive"
        limit, known = min(int(request.args["limit"]), 3), request.args.get("ending_before")
        newer = self.events
        if known:
            newer = self.events[: [event["id"] for event in self.events].index(known)]
            return jsonify(data=newer[-limit:], has_more=len(newer) > limit)
        return jsonify(data=newer[:limit], has_more=len(newer) > limit)

    def _webhook(self) -> Any:
        parts = dict(part.split("=") for part in request.headers["Stripe-Signature"].split(","))
        signed = f"{parts['t']}.".encode() + request.get_data()
        assert parts["v1"] == hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
        if self.down:
            return "", 503
        self.received.append(json.loads(request.get_data())["id"])
        return "", 200


@pytest.fixture
def stripe() -> Iterator[FakeStripe]:
    fake = FakeStripe()
    thread = threading.Thread(target=fake.server.serve_forever)
    thread.start()
    yield fake
    fake.server.shutdown()
    thread.join()
    fake.server.server_close()


def test_new_events_are_handed_over_once_in_order_and_again_after_a_refusal(
    stripe: FakeStripe, tmp_path: Path
) -> None:
    def poll() -> int:
        """As after a restart: only the file remembers."""
        return Poller(
            stripe.url, "sk_test_x", f"{stripe.url}/v1/stripe/webhook", SECRET, tmp_path / "place.json"
        ).poll()

    stripe.happen("evt_old")
    assert poll() == 0, "what was before the first start is history"
    names = [f"evt_{number}" for number in range(8)]
    stripe.happen(*names)
    stripe.down = True
    assert poll() == 0
    stripe.down = False
    assert poll() == 8
    assert stripe.received == names
    assert poll() == 0


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, True),
        ({"STRIPE_SECRET_KEY": "", "STRIPE_API_BASE": ""}, True),
        ({"STRIPE_API_BASE": "http://127.0.0.1:9999"}, True),
        ({"STRIPE_SECRET_KEY": "sk_test_x"}, False),
        ({"STRIPE_SECRET_KEY": "sk_test_x", "STRIPE_API_BASE": "https://api.stripe.com"}, False),
        ({"STRIPE_SECRET_KEY": "sk_test_x", "STRIPE_API_BASE": "http://127.0.0.1:9999"}, True),
    ],
)
def test_the_stand_in_runs_unless_stripe_itself_is_meant(environ: dict[str, str], expected: bool) -> None:
    assert needs_stand_in(environ) is expected


def test_what_jobs_do_stands_among_the_requests_and_that_they_ran_does_not(tmp_path: Path) -> None:
    file = tmp_path / "requests.log"
    file.write_text("12:00:00 200 GET /v1/health 5 ms\n")
    logger = logging.getLogger(LOGGER)
    before, level = logger.handlers[:], logger.level
    logger.setLevel(logging.INFO)
    log_context.job("sweep", None)  # whatever worked in this thread before
    try:
        scheduler.show_steps(file)
        log.info("inbox")
        with about("evt_1"):
            log.info("event applied", type="invoice.paid")
        log.info("job done", ms=5.0)
        log.warning("not reconciled", what="charge")
        alarm("card_testing", checkout="cs_1", declined=10)
    finally:
        for handler in set(logger.handlers) - set(before):
            handler.close()
        logger.handlers[:] = before
        logger.setLevel(level)
    told = [line.partition(" ")[2] for line in file.read_text().splitlines()]
    assert told == [
        "200 GET /v1/health 5 ms",
        "event applied type=invoice.paid event_id=evt_1",
        "not reconciled what=charge",
        "alarm card_testing checkout=cs_1 declined=10",
    ]
