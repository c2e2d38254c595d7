"""Checkout sessions: the start of every gift, and all of a one-off one.

When Stripe sends them:
- checkout.session.completed: the reader finished Checkout. `payment_status` is `unpaid` for delayed methods (SEPA and
  others), whose money comes days later.
- checkout.session.async_payment_succeeded / _failed: that money arrived, or never will.
- checkout.session.expired: nobody paid within 24 hours.
"""

from dataclasses import replace

from chalicelib.booking.rules.facts import CheckoutFacts, Facts
from chalicelib.checkouts.rules.status import CheckoutStatus
from chalicelib.ledger.rules.movements import Movement
from chalicelib.newsroom.rules import interval_of
from chalicelib.rails.stripe.events import invoices
from chalicelib.rails.stripe.events.handler import Handler, Lookups, Snapshot, Who
from chalicelib.rails.stripe.events.intents import PaymentNotShown, gift, intent_of
from chalicelib.rails.stripe.events.shapes import CheckoutSession, MadeBySession, PaidSession
from chalicelib.rails.stripe.metadata import CAMPAIGN, INTERVAL, SOURCE
from chalicelib.rails.stripe.port import Answer, Stripe, StripeRefused


def giver(snapshot: Snapshot) -> Who:
    """Who gives, by a session's fields, which never change once the session is complete."""
    session = PaidSession.model_validate(snapshot)
    return Who(session.metadata, session.customer, session.email)


def facts_of(session: CheckoutSession, stripe: Stripe, *, failed: bool = False) -> Facts:
    """The facts of a session that was just fetched, with the payment or the first invoice behind it."""
    checkout = CheckoutFacts(
        session.id,
        "failed" if failed else status_of(session),
        session.amount_total or 0,
        session.currency or "",
        interval_of(session.metadata.get(INTERVAL)),
    )
    if session.mode == "subscription" and session.subscription:
        return invoices.facts_of_start(session.subscription, session.invoice, stripe, checkout)
    gifts: tuple[Movement, ...] = ()
    if session.payment_status == "paid" and session.payment_intent:
        received = gift(intent_of(session.payment_intent, stripe))
        gifts = (received,) if received else ()
        # The session says paid before the payment has received anything: the money is still to come.
        checkout = checkout if received else replace(checkout, status="processing")
    return Facts(
        gifts=gifts,
        checkout=checkout,
        customer=session.customer,
        currency=session.currency,
        campaign=session.metadata.get(CAMPAIGN),
        source=session.metadata.get(SOURCE),
    )


def email_typed(who: Who, stripe: Stripe) -> str | None:
    """The address that was typed at Checkout. It never changes, while a Stripe customer's address may."""
    if who.email:
        return who.email
    session = session_of(stripe, payment=who.payment, subscription=who.subscription)
    return giver(session).email if session else None


def session_of(stripe: Stripe, *, payment: str | None = None, subscription: str | None = None) -> Answer | None:
    """The checkout behind a payment or a subscription, if there was one."""
    try:
        if payment:
            found = stripe.checkout_session_of_payment(payment)
        else:
            found = stripe.checkout_session_of_subscription(subscription) if subscription else None
    except StripeRefused as refused:
        if refused.missing:
            return None
        raise
    # The session's mark may decide whether the payment is ours: if the list was not filtered, another payment's
    # session must not count.
    made = MadeBySession.model_validate(found or {})
    named, asked = (made.payment_intent, payment) if payment else (made.subscription, subscription)
    return found if named == asked else None


def status_of(session: CheckoutSession) -> CheckoutStatus:
    """Our checkout status, from the two that a session has at Stripe."""
    if session.status == "expired":
        return "expired"
    if session.status != "complete":
        return "open"
    return "processing" if session.payment_status == "unpaid" else "paid"


def _who(snapshot: Snapshot, _sources: Lookups) -> Who:
    return giver(snapshot)


def _facts(snapshot: Snapshot, sources: Lookups) -> Facts:
    return facts_of(_fetched(snapshot, sources), sources.stripe)


def _facts_of_paid(snapshot: Snapshot, sources: Lookups) -> Facts:
    """The facts of a session that is told as paid; that of a recurring gift leaves the money to its invoice's event.

    :raises PaymentNotShown: a one-off gift's payment has received nothing yet.
    """
    facts = _facts(snapshot, sources)
    told = snapshot.get("mode") == "payment" and snapshot.get("payment_status") == "paid"
    if told and snapshot.get("amount_total") and not facts.gifts:
        raise PaymentNotShown
    return facts


def _failed_facts(snapshot: Snapshot, sources: Lookups) -> Facts:
    session = _fetched(snapshot, sources)
    # The event says failed, but the session may be paid by now: what is fetched counts.
    return facts_of(session, sources.stripe, failed=session.payment_status == "unpaid")


def _fetched(snapshot: Snapshot, sources: Lookups) -> CheckoutSession:
    return CheckoutSession.model_validate(sources.stripe.checkout_session(snapshot["id"]))


def _facts_as_returned(snapshot: Snapshot, sources: Lookups) -> Facts:
    # The session was fetched a moment ago to find out whose it is; a reader waits, so it is not fetched again. It may
    # be older than the state, which does no harm: a session only moves forward, and its payment, subscription and
    # invoice are fetched here, after the state was read.
    return facts_of(CheckoutSession.model_validate(snapshot), sources.stripe)


SESSION = Handler(_who, _facts)
PAID = Handler(_who, _facts_of_paid)
RETURNED = Handler(_who, _facts_as_returned)
FAILED_SESSION = Handler(_who, _failed_facts)
