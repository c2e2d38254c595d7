"""`/_control/…`: what a script or the control page may make happen. No key; the stand-in listens on loopback only.

Every answer says what happened: the ids of the objects and, under `events`, each event with its delivery. In mode
`normal` the answer comes after each event was tried at least once, so scripts need no sleeps.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import cast

from flask import Blueprint, Response, current_app

from localdev import business_clock
from localdev.stripe import billing, checkout, faults, reversals
from localdev.stripe.account import Account
from localdev.stripe.api.endpoint import answer, the_account
from localdev.stripe.books import books
from localdev.stripe.clock import Clock
from localdev.stripe.control_forms import (
    Advance,
    Cancel,
    Close,
    FaultForm,
    Mode,
    NextPayment,
    Pay,
    Refund,
    Settle,
    read,
)
from localdev.stripe.errors import Json, StripeError
from localdev.stripe.session_rules import check_email

blueprint = Blueprint("control", __name__, url_prefix="/_control")
PATIENCE_SECONDS = 10.0
Handler = Callable[..., Json]


def control(method: str, rule: str) -> Callable[[Handler], Handler]:
    """Register `handler(account, *ids from the path)`; what it answers is sent as JSON."""

    def register(handler: Handler) -> Handler:
        @wraps(handler)
        def view(**identifiers: str) -> Response:
            try:
                done = handler(the_account(), *identifiers.values())
            except StripeError as error:
                return answer(error.status, json.dumps(error.body(), indent=2), {})
            return answer(200, json.dumps(done, indent=2, ensure_ascii=False), {})

        blueprint.add_url_rule(rule, f"{method} {rule}", view, methods=[method])
        return handler

    return register


def told(account: Account, events: list[str]) -> list[Json]:
    """Wait until these events were tried, then say how each fared."""
    account.deliveries.wait(events, PATIENCE_SECONDS)
    found = [(identifier, account.store.get(identifier)) for identifier in events]
    return [
        {"id": identifier, "type": event["type"], "deliveries": account.deliveries.of(identifier)}
        for identifier, event in found
        if event is not None
    ]


@control("POST", "/checkouts/<identifier>/pay")
def pay(account: Account, identifier: str) -> Json:
    """A person pays, is declined, or chooses a delayed method."""
    form = read(Pay)
    with account.change() as events:
        session = account.get("checkout.session", identifier, param="session")
        payer = checkout.Payer(
            email=email_of(account, session, form.email),
            name=form.name,
            kind="sepa_debit" if form.outcome == "delayed" else "card",
            last4={"delayed": "3000", "declines": "0002"}.get(form.outcome, "4242"),
        )
        if form.outcome == "declines":
            checkout.decline(account, session, payer)
        else:
            checkout.pay(account, session, payer, delayed=form.outcome == "delayed")
    return {"outcome": form.outcome, **described(account, session), "events": told(account, events)}


def email_of(account: Account, session: Json, typed: str | None) -> str:
    """The payer's address: the session's own, then what was typed, then a made-up one.

    :raises StripeError: 400 when what was typed cannot be an address.
    """
    if session["customer"]:
        known = account.get("customer", session["customer"])["email"]
        if known:
            return str(known)
    if session["customer_email"]:
        return str(session["customer_email"])
    if typed:
        check_email(typed, "email")
    return typed or "reader@example.org"


def described(account: Account, session: Json) -> Json:
    """The ids around a session."""
    intent_id = session["payment_intent"] or account.store.note(session["id"]).get("intent")
    intent = account.store.get(intent_id) if intent_id else None
    return {
        "checkout": session["id"],
        "mode": session["mode"],
        "status": session["status"],
        "payment_status": session["payment_status"],
        "amount": session["amount_total"],
        "currency": session["currency"],
        "email": (session["customer_details"] or {}).get("email"),
        "customer": session["customer"],
        "payment_intent": intent_id,
        "charge": intent["latest_charge"] if intent else None,
        "subscription": session["subscription"],
        "invoice": session["invoice"],
        "success_url": session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"]),
    }


@control("POST", "/payments/<identifier>/settle")
def settle(account: Account, identifier: str) -> Json:
    """A delayed payment arrives or fails."""
    form = read(Settle)
    with account.change() as events:
        intent = account.get("payment_intent", identifier)
        session = checkout.settle(account, intent, succeeds=form.outcome == "succeeds")
    return {"outcome": form.outcome, **described(account, session), "events": told(account, events)}


@control("POST", "/payments/<identifier>/refund")
def refund(account: Account, identifier: str) -> Json:
    """Give a payment back, wholly or in part."""
    form = read(Refund)
    with account.change() as events:
        made = reversals.refund(account, reversals.collected(account, identifier), form.amount)
    kept = ("amount", "currency", "charge", "payment_intent", "status")
    return {"refund": made["id"], **{key: made[key] for key in kept}, "events": told(account, events)}


@control("POST", "/refunds/<identifier>/fail")
def fail_refund(account: Account, identifier: str) -> Json:
    """The bank sends a refund back."""
    with account.change() as events:
        made = reversals.fail_refund(account, account.get("refund", identifier))
    return {"refund": identifier, "status": made["status"], "events": told(account, events)}


@control("POST", "/payments/<identifier>/dispute")
def dispute(account: Account, identifier: str) -> Json:
    """The payer's bank takes a payment back."""
    with account.change() as events:
        made = reversals.dispute(account, reversals.collected(account, identifier))
    kept = ("amount", "currency", "charge", "payment_intent", "status")
    return {"dispute": made["id"], **{key: made[key] for key in kept}, "events": told(account, events)}


@control("POST", "/disputes/<identifier>/close")
def close(account: Account, identifier: str) -> Json:
    """The bank decides a dispute."""
    form = read(Close)
    with account.change() as events:
        made = reversals.close(account, account.get("dispute", identifier), won=form.outcome == "won")
    return {"dispute": identifier, "status": made["status"], "events": told(account, events)}


@control("POST", "/subscriptions/<identifier>/next-payment")
def next_payment(account: Account, identifier: str) -> Json:
    """Say how the next payments of a subscription end; the clock makes them happen."""
    form = read(NextPayment)
    with account.change():
        subscription = account.get("subscription", identifier)
        account.store.write_note(identifier, fails=form.outcome == "fails")
    return {"subscription": identifier, "next_payment": form.outcome, "status": subscription["status"], "events": []}


@control("POST", "/subscriptions/<identifier>/cancel")
def cancel(account: Account, identifier: str) -> Json:
    """End a subscription at the period's end or now, by the portal or by the API."""
    form = read(Cancel)
    with account.change() as events:
        subscription = account.get("subscription", identifier)
        if form.when == "now":
            billing.end(account, subscription, reason="cancellation_requested")
        else:
            billing.cancel_later(account, subscription, by=form.by)
    kept = ("status", "cancel_at", "cancel_at_period_end", "canceled_at", "ended_at")
    return {
        "subscription": identifier,
        **{key: subscription[key] for key in kept},
        "events": told(account, events),
    }


@control("POST", "/subscriptions/<identifier>/keep")
def keep(account: Account, identifier: str) -> Json:
    """Undo a planned ending, as the portal's button does."""
    with account.change() as events:
        subscription = billing.keep(account, account.get("subscription", identifier))
    return {"subscription": identifier, "status": subscription["status"], "events": told(account, events)}


@control("POST", "/clock/advance")
def advance(account: Account) -> Json:
    """Move business time for the whole stack; renewals, retries, endings and expiries happen on the way."""
    form = read(Advance)
    clock = cast("Clock", current_app.config["CLOCK"])
    events = clock.advance(timedelta(days=form.days, hours=form.hours, minutes=form.minutes))
    return {**time_now(account), "events": told(account, events)}


@control("GET", "/clock")
def time_now(_account: Account) -> Json:
    """Business time, and how far it is ahead of real time in seconds."""
    now = business_clock.now()
    return {"now": now.strftime("%Y-%m-%dT%H:%M:%SZ"), "ahead_seconds": int(business_clock.offset().total_seconds())}


@control("POST", "/deliveries")
def deliveries(account: Account) -> Json:
    """Say how new events travel; what is held stays held until released."""
    account.deliveries.set_mode(read(Mode).mode)
    return state(account)


@control("GET", "/deliveries")
def state(account: Account) -> Json:
    """The mode, and how many deliveries are held, dropped, waiting and delivered."""
    counted = account.store.run("SELECT state, COUNT(*) AS number FROM deliveries GROUP BY state")
    counts = dict.fromkeys(("held", "dropped", "waiting", "delivered"), 0)
    return {"mode": account.deliveries.mode, **counts, **{row["state"]: row["number"] for row in counted}}


@control("POST", "/deliveries/release")
def release(account: Account) -> Json:
    """Deliver what was held, in order; the mode stays as it is."""
    events = account.deliveries.release()
    return {"released": len(events), "events": told(account, list(dict.fromkeys(events))), **state(account)}


@control("POST", "/events/<identifier>/resend")
def resend(account: Account, identifier: str) -> Json:
    """Send an event once more, whatever the mode."""
    account.get("event", identifier)
    account.deliveries.resend(identifier)
    return {"event": identifier, "events": told(account, [identifier])}


@control("POST", "/events/<identifier>/forget")
def forget(account: Account, identifier: str) -> Json:
    """Make it so that Stripe never generated this event: neither delivered nor listed."""
    with account.change():
        account.get("event", identifier)
        account.store.run("DELETE FROM deliveries WHERE event = ?", identifier)
        account.store.run("DELETE FROM objects WHERE id = ?", identifier)
    return {"forgotten": identifier, "events": []}


@control("POST", "/faults")
def break_it(account: Account) -> Json:
    """Arm a fault; `times: 0` disarms those on its path."""
    form = read(FaultForm)
    with account.change():
        if form.times:
            armed = faults.add(account.store, faults.Fault(**form.model_dump()))
        else:
            armed = faults.clear(account.store, form.path)
    return {"armed": armed}


@control("GET", "/books")
def show_books(account: Account) -> Json:
    """What was paid, refunded and lost, per currency."""
    return books(account)
