"""Receive an event of Stripe's webhook: store it before it is understood, then apply it.

The answer is 2xx only once the event is stored. If applying fails, the event stays in the inbox and the sweep tries
it again; if storing fails, the answer is 503 and Stripe sends it again.
"""

import json
from collections.abc import Callable
from typing import Any, Literal, NoReturn

from pydantic import ValidationError

from chalicelib.aws.secrets import SecretsUnavailable
from chalicelib.inbox import rows as inbox
from chalicelib.kernel.errors import BadInput, TooLarge, Unavailable
from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.kernel.outages import Outage
from chalicelib.kernel.table import Table, TableRefused, TableUnavailable
from chalicelib.mail.actions.send import MailSender
from chalicelib.observing import log_context, metrics
from chalicelib.observing.log import about, alarm, log
from chalicelib.rails.stripe.about import reduced, settle
from chalicelib.rails.stripe.deps import StripeDeps
from chalicelib.rails.stripe.events.envelope import Envelope, EnvelopeEvent, Event, is_thin
from chalicelib.rails.stripe.port import API_VERSION
from chalicelib.rails.stripe.understand import HANDLED, MAY_SAY_NOTHING, says_nothing, understand
from chalicelib.settings import SettingsWrong


def parse(body: bytes) -> Event:
    """Parse an event, its envelope and its object.

    :raises BadInput: `bad_event` for a signed body that is no event; `thin_event` for a thin event.
    """
    try:
        # Strict UTF-8 without NaN: given bytes, json.loads would also take UTF-16, lone surrogates and NaN.
        payload = json.loads(body.decode("utf-8"), parse_constant=_no_such_number)
        _refuse_thin(payload)
        return Event.model_validate(payload)
    except (ValueError, RecursionError):  # pydantic's ValidationError and bad UTF-8 are ValueErrors too
        raise BadInput("This is not an event of Stripe's.", code="bad_event") from None


def envelope(body: bytes) -> Envelope:
    """Validate only the envelope: accepts and refuses exactly what `parse` does, in a third of its time (at 50 KB).

    :raises BadInput: `bad_event` or `thin_event`, as `parse` does.
    """
    if b"NaN" in body or b"Infinity" in body:
        return parse(body)  # pydantic's JSON parser accepts NaN and Infinity, which JSON does not have
    try:
        event = EnvelopeEvent.model_validate_json(body)
    except ValidationError:
        return parse(body)  # pydantic's parser is stricter about lone surrogates and depth: Python's decides
    _refuse_thin({"object": event.object, "data": event.data})
    return event


def _refuse_thin(payload: Any) -> None:
    """Refuse a thin event: it does not hold its object, so it could never be applied."""
    if isinstance(payload, dict) and is_thin(payload):
        raise BadInput(
            "This is a thin event. Choose the payload style “snapshot” and the API version "
            f"{API_VERSION} for this event destination at Stripe.",
            code="thin_event",
        )


def _no_such_number(name: str) -> NoReturn:
    raise ValueError(name)


def store(
    event: Envelope,
    body: bytes,
    table: Table,
    *,
    now: BusinessTime,
    live: bool,
    by: Literal["webhook", "reconcile"] = "webhook",
) -> bool:
    """Store the event in the inbox. True when it still has to be applied.

    Recorded only, as `ignored` and without its person, is what never changes anything: an event of the other mode or
    of another account, and one that says so by itself (`understand.says_nothing`), as each renewal brings one.

    :param live: whether this stage takes real money; events of the other mode are recorded and change nothing.
    :param by: where it came from. Only webhooks are counted in the metric: a day without one raises an alarm.
    :raises Unavailable: `event_not_stored`; Stripe will send it again.
    :raises TooLarge: the table will never take it.
    """
    status = _status_at_arrival(event, body, live=live)
    if status == "ignored":  # it will never be applied, nor found with anybody: what nobody needs is not kept
        body = reduced(event.id, event.type, body)
    try:
        if inbox.store(table, event.id, event.type, body, now, status):
            counts = metrics.one("EventsStored") if by == "webhook" else None
            log.info("event stored", counts=counts, type=event.type, status=status, by=by)
            return status == "pending"
        known = inbox.read(table, event.id)
        log.info("event known", type=event.type, status=known.status if known else "gone", by=by)
        return known is not None and (known.status not in inbox.DONE or reopened(known, table, now))
    except TableUnavailable:
        raise Unavailable("The event could not be stored. Please send it again.", code="event_not_stored") from None
    except TableRefused:
        raise TooLarge("The event is larger than our records take.") from None


def reopened(known: inbox.Stored, table: Table, now: BusinessTime) -> bool:
    """Make an event pending that was stored before its type had a handler. True if it was such an event.

    :raises TableUnavailable: whether it was changed is not known.
    """
    return known.status == "unhandled" and known.type in HANDLED and inbox.reopen(table, known.id, now)


def _status_at_arrival(event: Envelope, body: bytes, *, live: bool) -> inbox.Arrival:
    if event.livemode != live or event.account is not None:
        return "ignored"
    if event.type in MAY_SAY_NOTHING and says_nothing(parse(body)):
        return "ignored"
    return "pending" if event.type in HANDLED else "unhandled"


def apply_stored(
    event_id: str, deps: StripeDeps, mail_sender: MailSender, *, now: BusinessTime, real_now: RealTime
) -> bool:
    """Apply an event of the inbox; True when nothing is left to do. Never raises: the sweep tries it again."""
    return tried(event_id, deps, mail_sender, now=now, real_now=real_now) is None


def tried(
    event_id: str, deps: StripeDeps, mail_sender: MailSender, *, now: BusinessTime, real_now: RealTime
) -> Exception | None:
    """Try to apply an event of the inbox; None when nothing is left to do, else the error.

    Never raises: the event is stored, and after any error, even a bug of ours, it is tried again later and parked for
    a person in the end. One event's error must not stop the others.
    """
    with about(event_id):
        try:
            stored = inbox.read(deps.table, event_id)
            if stored is None or stored.status in inbox.DONE:
                return None
            event = parse(stored.body)
            applied = understand(event, deps, now=now, real_now=real_now)
        except Exception as error:  # noqa: BLE001 - see the docstring
            _note_failure(event_id, error, deps.table, now)
            return error
        log.info(f"event {applied.outcome}", type=event.type)
        mail_sender.deliver(applied.mails, now)
        return None


def _note_failure(event_id: str, error: Exception, table: Table, now: BusinessTime) -> None:
    log.warning("event pending", trouble=error)
    try:
        stored = inbox.read(table, event_id)
        if stored is None or stored.status != "pending":
            return
        why = type(error).__name__
        if inbox.failed(table, stored, why, now, outage=isinstance(error, Outage)) == "parked":
            alarm("event_parked", event=event_id, type=stored.type, tries=stored.tries + 1, why=why)
    except TableUnavailable:
        log.warning("failed try not noted")


def _say_whose(event_id: str, table: Table, email_key: Callable[[], str]) -> None:
    """Find out whom a recorded event is about, so that it goes with them; of one about an erased one nothing stays.

    It is stored, so nothing that fails here matters to Stripe: until somebody finds out, it is listed as nobody's.
    """
    with about(event_id):
        try:
            settle(event_id, table, email_key())
        except (TableUnavailable, SecretsUnavailable, SettingsWrong) as error:
            log.warning("event of nobody yet", trouble=error)


def receive(
    body: bytes,
    table: Table,
    tools: Callable[[], tuple[StripeDeps, MailSender]],
    *,
    email_key: Callable[[], str],
    now: BusinessTime,
    real_now: RealTime,
    live: bool,
) -> dict[str, Any]:
    """Store and apply a body whose signature was verified; answers what to send to Stripe.

    :param tools: makes what applying needs, called only then: a duplicate, or an event that is only recorded, needs
        neither Stripe's package nor the newsroom's file, and an event is stored even if one of those is broken.
    :param email_key: of the keyed hashes; asked for only to find out whom an event is about that is only recorded.
    :raises BadInput: `bad_event`, `thin_event`.
    :raises Unavailable: `event_not_stored`.
    :raises TooLarge: the table will never take it.
    """
    event = envelope(body)
    log_context.current().event_id = event.id  # until the call's end, so that the call's own log line has it, too
    if not store(event, body, table, now=now, live=live):
        if event.type not in HANDLED:
            _say_whose(event.id, table, email_key)
        return {"stored": True, "applied": True}
    deps, mail_sender = tools()
    return {"stored": True, "applied": apply_stored(event.id, deps, mail_sender, now=now, real_now=real_now)}
