"""Checkouts, payments, refunds, disputes and warnings."""

from localdev.stripe import billing, checkout, disputes, reversals
from localdev.stripe.account import Account
from localdev.stripe.controls.calls import control, told
from localdev.stripe.controls.forms import Close, Dispute, Nothing, Pay, Refund, Settle, Warn
from localdev.stripe.errors import Json
from localdev.stripe.session_rules import check_email

_KEPT = ("amount", "currency", "charge", "payment_intent", "status")


@control("/checkouts/<identifier>/pay", Pay)
def pay(account: Account, form: Pay, identifier: str) -> Json:
    """A person pays, is declined, or chooses a delayed method."""
    with account.change() as events:
        session = account.get("checkout.session", identifier, param="session")
        shown = form.presentment
        payer = checkout.Payer(
            email=email_of(account, session, form.email),
            name=form.name,
            kind="sepa_debit" if form.outcome == "delayed" else "card",
            last4={"delayed": "3000", "declines": "0002"}.get(form.outcome, "4242"),
            presentment=(shown.amount, shown.currency) if shown else None,
        )
        if form.outcome == "declines":
            for _ in range(form.times):
                checkout.decline(account, session, payer)
        else:
            checkout.pay(account, session, payer, delayed=form.outcome == "delayed")
    return {"outcome": form.outcome, **described(account, session), "events": told(account, events)}


@control("/checkouts/<identifier>/expire", Nothing)
def expire(account: Account, _form: Nothing, identifier: str) -> Json:
    """Nobody paid within the day."""
    with account.change() as events:
        session = checkout.expire(account, account.get("checkout.session", identifier, param="session"))
    return {**described(account, session), "events": told(account, events)}


def email_of(account: Account, session: Json, typed: str | None) -> str:
    """The payer's address: the session's own, then what was typed, then a made-up one.

    :raises ApiRefusal: 400 when what was typed cannot be an address.
    """
    if session["customer"]:
        known = account.get("customer", session["customer"]).get("email")
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


@control("/payments/<identifier>/settle", Settle)
def settle(account: Account, form: Settle, identifier: str) -> Json:
    """A delayed payment arrives or fails."""
    with account.change() as events:
        intent = account.get("payment_intent", identifier)
        checkout.require_processing(intent)
        succeeds = form.outcome == "succeeds"
        if account.store.note(identifier).get("session"):
            about = described(account, checkout.settle(account, intent, succeeds=succeeds))
        else:
            subscription = billing.settle(account, intent, succeeds=succeeds)
            about = {"subscription": subscription["id"], "status": subscription["status"]}
    return {"outcome": form.outcome, **about, "payment_intent": identifier, "events": told(account, events)}


@control("/payments/<identifier>/refund", Refund)
def refund(account: Account, form: Refund, identifier: str) -> Json:
    """Give a payment back, wholly or in part."""
    with account.change() as events:
        charge = reversals.collected(account, identifier)
        made = reversals.refund(account, charge, form.amount, pending=form.pending)
    return {"refund": made["id"], **{key: made[key] for key in _KEPT}, "events": told(account, events)}


@control("/refunds/<identifier>/succeed", Nothing)
def succeed_refund(account: Account, _form: Nothing, identifier: str) -> Json:
    """A pending refund arrives."""
    with account.change() as events:
        made = reversals.succeed_refund(account, account.get("refund", identifier))
    return {"refund": identifier, "status": made["status"], "events": told(account, events)}


@control("/refunds/<identifier>/fail", Nothing)
def fail_refund(account: Account, _form: Nothing, identifier: str) -> Json:
    """The bank sends a refund back."""
    with account.change() as events:
        made = reversals.fail_refund(account, account.get("refund", identifier))
    return {"refund": identifier, "status": made["status"], "events": told(account, events)}


@control("/payments/<identifier>/dispute", Dispute)
def dispute(account: Account, form: Dispute, identifier: str) -> Json:
    """The payer's bank takes a payment back, or asks about it."""
    with account.change() as events:
        charge = reversals.collected(account, identifier)
        made = disputes.dispute(
            account,
            charge,
            amount=form.amount,
            inquiry=form.inquiry,
            prevented=form.prevented,
            withdrawn=(form.withdrawn.amount, form.withdrawn.currency) if form.withdrawn else None,
        )
    return {"dispute": made["id"], **{key: made[key] for key in _KEPT}, "events": told(account, events)}


@control("/disputes/<identifier>/escalate", Nothing)
def escalate(account: Account, _form: Nothing, identifier: str) -> Json:
    """An inquiry becomes a chargeback."""
    with account.change() as events:
        made = disputes.escalate(account, account.get("dispute", identifier))
    return {"dispute": identifier, "status": made["status"], "events": told(account, events)}


@control("/disputes/<identifier>/respond", Nothing)
def respond(account: Account, _form: Nothing, identifier: str) -> Json:
    """The newsroom has sent its evidence."""
    with account.change() as events:
        made = disputes.respond(account, account.get("dispute", identifier))
    return {"dispute": identifier, "status": made["status"], "events": told(account, events)}


@control("/disputes/<identifier>/close", Close)
def close(account: Account, form: Close, identifier: str) -> Json:
    """The bank decides a dispute."""
    with account.change() as events:
        known = account.get("dispute", identifier)
        made = disputes.close(account, known, won=form.outcome == "won", reinstated=form.reinstated)
    return {"dispute": identifier, "status": made["status"], "events": told(account, events)}


@control("/disputes/<identifier>/appeal", Close)
def appeal(account: Account, form: Close, identifier: str) -> Json:
    """A lost dispute is fought once more."""
    with account.change() as events:
        known = account.get("dispute", identifier)
        made = disputes.appeal(account, known, won=form.outcome == "won", reinstated=form.reinstated)
    return {"dispute": identifier, "status": made["status"], "events": told(account, events)}


@control("/payments/<identifier>/early-fraud-warning", Warn)
def warn(account: Account, form: Warn, identifier: str) -> Json:
    """The card's network suspects fraud; no money moves."""
    with account.change() as events:
        made = reversals.fraud_warning(account, reversals.collected(account, identifier), form.fraud_type)
    return {"warning": made["id"], "charge": made["charge"], "events": told(account, events)}
