"""Wiring only: the Chalice app, its routes and its schedules."""

import logging
import os
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from chalice.app import Chalice, CloudWatchEvent, Rate, Request, Response, SNSEvent

from chalicelib.http.call import Answer
from chalicelib.http.endpoint import body_text, handle, in_our_words, preflight
from chalicelib.http.gateway import answered
from chalicelib.http.route import Route
from chalicelib.http.routes import NOTHING_HERE, ROUTES
from chalicelib.observing import log_context


def _of_a_library(record: logging.LogRecord) -> str:
    from chalicelib.observing.log import of_a_library

    return of_a_library(record)


log_context.listen(os.environ.get("SPILNO_STAGE") or "local", _of_a_library)


class Spilno(Chalice):
    """Chalice, handed every call as an event that names its route, whichever way AWS handed it over."""

    def __call__(self, event: Any, context: Any) -> Any:
        """Answer one call."""
        return answered(event, lambda named: super(Spilno, self).__call__(named, context))


app = Spilno(app_name="spilno", configure_logs=False)
# We serve text only; with none to look for, Chalice compares no media types on every call.
app.api.binary_types = []


def _event() -> dict[str, Any]:
    request: Request | None = app.current_request
    assert request is not None, "Views run within a request."
    event: dict[str, Any] = request.to_original_event()
    return event


def _response(answer: Answer) -> Response:
    headers: dict[str, Any] = dict(answer.headers)
    if answer.cookies:
        headers["Set-Cookie"] = [cookie.header() for cookie in answer.cookies]
    return Response(body_text(answer), headers, answer.status)


def _view(route: Route) -> Callable[..., Response]:
    return lambda **_params: _response(handle(route, _event(), app.lambda_context))


def _nothing_here() -> Response:
    # The path is whatever somebody typed, and no identifier of ours.
    return _response(handle(NOTHING_HERE, _event() | {"pathParameters": None}, app.lambda_context))


def _preflight(methods: tuple[str, ...], *, public: bool) -> Callable[..., Response]:
    return lambda **_params: _response(preflight(methods, _event(), public=public))


_methods: defaultdict[str, list[str]] = defaultdict(list)
_public = {_route.path for _route in ROUTES if _route.public}  # which take GET and nothing else
for _route in ROUTES:
    # Media types are checked at our own edge: Chalice allows one list per path and answers in its own words.
    _taken = ["GET", "HEAD"] if _route.method == "GET" else [_route.method]
    app.route(_route.path, methods=_taken, content_types=[], name=_route.view)(_view(_route))
    if _route.browser:
        _methods[_route.path].append(_route.method)
for _path, _allowed in _methods.items():
    _answer = _preflight(tuple(_allowed), public=_path in _public)
    app.route(_path, methods=["OPTIONS"], content_types=[], name=f"preflight {_path}")(_answer)

app.route(NOTHING_HERE.path, methods=["GET", "HEAD"], content_types=[], name=NOTHING_HERE.view)(_nothing_here)

app.middleware("http")(in_our_words)


def _seconds_left(event: CloudWatchEvent) -> float:
    context: Any = event.context
    return float(context.get_remaining_time_in_millis() / 1000)


@app.schedule(Rate(5, unit=Rate.MINUTES))
def sweep(event: CloudWatchEvent) -> dict[str, Any]:
    """Apply what is still pending and send what is still unsent."""
    from chalicelib.jobs import sweep as run
    from chalicelib.observing.log import job

    with job("sweep", event.context):
        return dict(run(_seconds_left(event)))


@app.schedule(Rate(10, unit=Rate.MINUTES))
def reconcile_undelivered(event: CloudWatchEvent) -> dict[str, Any]:
    """Take in the events that our endpoint did not take."""
    return _reconcile("undelivered", event)


@app.schedule(Rate(1, unit=Rate.HOURS))
def reconcile_events(event: CloudWatchEvent) -> dict[str, Any]:
    """Take in whatever Stripe's list of events has and we have not."""
    return _reconcile("events", event)


@app.schedule(Rate(1, unit=Rate.HOURS))
def reconcile_money(event: CloudWatchEvent) -> dict[str, Any]:
    """Close the days that have ended against Stripe's balance transactions; look at subscriptions once a day."""
    return _reconcile("money", event)


@app.schedule(Rate(1, unit=Rate.DAYS))
def count_supporters(event: CloudWatchEvent) -> dict[str, Any]:
    """Count how many people support the newsroom, for the donation page."""
    from chalicelib.jobs import count_supporters as run
    from chalicelib.observing.log import job

    with job("count_supporters", event.context):
        return dict(run(_seconds_left(event)))


@app.schedule(Rate(1, unit=Rate.DAYS))
def daily_mails(event: CloudWatchEvent) -> dict[str, Any]:
    """Put reminders, announcements of yearly payments, and cards that are about to end into the outbox."""
    from chalicelib.jobs import daily_mails as run
    from chalicelib.observing.log import job

    with job("daily_mails", event.context):
        return dict(run(_seconds_left(event)))


@app.schedule(Rate(1, unit=Rate.HOURS))
def erase(event: CloudWatchEvent) -> dict[str, Any]:
    """Go on with the erasure of supporters who asked for it."""
    from chalicelib.jobs import erase as run
    from chalicelib.observing.log import job

    with job("erase", event.context):
        return dict(run(_seconds_left(event)))


@app.on_sns_message(topic="spilno-mail-feedback")
def mail_feedback(event: SNSEvent) -> dict[str, Any]:
    """Suppress addresses that bounced for good or complained, as the mail service's feedback says."""
    from chalicelib.jobs import mail_feedback as handle_feedback
    from chalicelib.observing.log import job

    with job("mail_feedback", event.context):
        return dict(handle_feedback(event.message))


def _reconcile(ring: str, event: CloudWatchEvent) -> dict[str, Any]:
    from chalicelib.jobs import reconcile as run
    from chalicelib.observing.log import job

    with job(f"reconcile_{ring}", event.context):
        return dict(run(ring, _seconds_left(event)))
