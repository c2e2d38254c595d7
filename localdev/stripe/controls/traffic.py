"""Time, deliveries, events, endpoints, and how the API itself misbehaves."""

from datetime import timedelta
from typing import cast

from flask import current_app

from localdev.stripe import destinations, endpoints, faults
from localdev.stripe.account import Account
from localdev.stripe.api.endpoint import the_rate_limit
from localdev.stripe.clock import Clock
from localdev.stripe.controls.calls import control, look, told
from localdev.stripe.controls.forms import Advance, Destination, Endpoint, FaultForm, Limit, Mode, Nothing
from localdev.stripe.errors import Json

_STATES = ("held", "dropped", "waiting", "delivered", "failed", "parked")


@control("/clock/advance", Advance)
def advance(account: Account, form: Advance) -> Json:
    """Move business time for the whole stack; renewals, retries, endings and expiries happen on the way."""
    clock = cast("Clock", current_app.config["CLOCK"])
    events = clock.advance(timedelta(days=form.days, hours=form.hours, minutes=form.minutes))
    return {**time_now(account), "events": told(account, events)}


@look("/clock")
def time_now(account: Account) -> Json:
    """Business time, and how far it is ahead of real time in seconds."""
    now = account.config.clock.now()
    return {
        "now": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "ahead_seconds": int(account.config.clock.offset().total_seconds()),
    }


@control("/deliveries", Mode)
def deliveries(account: Account, form: Mode) -> Json:
    """Say how new events travel; what is held stays held until released."""
    account.deliveries.set_mode(form.mode)
    return state(account)


@look("/deliveries")
def state(account: Account) -> Json:
    """The mode, and how many deliveries are held, dropped, waiting, delivered, given up and set aside."""
    counted = account.store.run("SELECT state, COUNT(*) AS number FROM deliveries GROUP BY state")
    counts = dict.fromkeys(_STATES, 0)
    return {"mode": account.deliveries.mode, **counts, **{row["state"]: row["number"] for row in counted}}


@control("/deliveries/release", Nothing)
def release(account: Account, _form: Nothing) -> Json:
    """Deliver what was held, in order; the mode stays as it is."""
    events = account.deliveries.release()
    return {"released": len(events), "events": told(account, list(dict.fromkeys(events))), **state(account)}


@control("/events/<identifier>/resend", Nothing)
def resend(account: Account, _form: Nothing, identifier: str) -> Json:
    """Send an event once more, whatever the mode."""
    account.get("event", identifier)
    account.deliveries.resend(identifier)
    return {"event": identifier, "events": told(account, [identifier])}


@control("/events/<identifier>/forget", Nothing)
def forget(account: Account, _form: Nothing, identifier: str) -> Json:
    """Make it so that Stripe never generated this event: neither delivered nor listed."""
    with account.change():
        account.get("event", identifier)
        account.store.run("DELETE FROM deliveries WHERE event = ?", identifier)
        account.store.run("DELETE FROM objects WHERE id = ?", identifier)
    return {"forgotten": identifier, "events": []}


@control("/webhook_endpoints/<identifier>", Endpoint)
def shape(account: Account, form: Endpoint, identifier: str) -> Json:
    """From now on this endpoint gets its events in another version's shape."""
    with account.change():
        known = account.get("webhook_endpoint", identifier)
        made = endpoints.change(account, known, api_version=form.api_version)
    return {"endpoint": identifier, "api_version": made["api_version"], "status": made["status"], "events": []}


@control("/webhook_endpoints/<identifier>/disable", Nothing)
def disable(account: Account, _form: Nothing, identifier: str) -> Json:
    """Stripe has given up on an endpoint that failed for days: it hears of nothing until enabled."""
    return _switched(account, identifier, "disabled")


@control("/webhook_endpoints/<identifier>/enable", Nothing)
def enable(account: Account, _form: Nothing, identifier: str) -> Json:
    """Somebody switches an endpoint on again; what waited for it goes out, what came meanwhile does not."""
    return _switched(account, identifier, "enabled")


def _switched(account: Account, identifier: str, status: str) -> Json:
    with account.change():
        endpoints.change(account, account.get("webhook_endpoint", identifier), status=status)
    return {"endpoint": identifier, "status": status, "events": []}


@control("/event_destinations", Destination)
def add_destination(account: Account, form: Destination) -> Json:
    """Somebody chose thin events for a destination; Stripe pings it at once, signed with the stack's own secret."""
    with account.change() as events:
        url = form.url or account.config.webhook_url
        made = destinations.create(account, url, form.enabled_events, form.name)
        destinations.ping(account, made)
    return {"event_destination": made["id"], "url": url, "events": told(account, events)}


@control("/faults", FaultForm)
def break_it(account: Account, form: FaultForm) -> Json:
    """Arm a fault; `times: 0` disarms those on its path."""
    with account.change():
        if form.times:
            armed = faults.add(account.store, faults.Fault(**form.model_dump()))
        else:
            armed = faults.clear(account.store, form.path)
    return {"armed": armed}


@control("/rate-limit", Limit)
def limit(_account: Account, form: Limit) -> Json:
    """Answer 429 above so many API requests in a second; 0 lets all through."""
    the_rate_limit().set(form.per_second)
    return {"per_second": form.per_second, "refused": the_rate_limit().refused}
