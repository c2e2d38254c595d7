"""Checkout sessions: the start of every gift, and all of a one-off one.

When Stripe sends them:
- checkout.session.completed: the reader finished Checkout. `payment_status` is `unpaid` for delayed methods (SEPA and
  others), whose money comes days later.
- checkout.session.async_payment_succeeded / _failed: that money arrived, or never will.
- checkout.session.expired: nobody paid within 24 hours.
- payment_intent.succeeded: the same money as the first two, told once more; it leads back to the session.
"""

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.booking import CheckoutFacts, CheckoutStatus, Facts, Payment
from chalicelib.domain.newsroom import interval_of
from chalicelib.ports import Stripe
from chalicelib.stripe_events import invoices
from chalicelib.stripe_events.handler import CAMPAIGN, INTERVAL, MARK, SOURCE, Handler, Who
from chalicelib.stripe_events.shapes import CheckoutSession, Named, PaymentIntent


def who(snapshot: Mapping[str, Any], _stripe: Stripe) -> Who:
    """All of it stands in the session and stays as it is once the session is complete."""
    session = CheckoutSession.model_validate(snapshot)
    return Who(session.metadata, session.customer, session.email)


def facts(snapshot: Mapping[str, Any], stripe: Stripe) -> Facts:
    """The session fetched anew, with the payment or the first invoice behind it."""
    return facts_of(CheckoutSession.model_validate(stripe.checkout_session(snapshot["id"])), stripe)


def facts_of(session: CheckoutSession, stripe: Stripe, *, failed: bool = False) -> Facts:
    """What a freshly fetched session tells."""
    checkout = CheckoutFacts(
        session.id,
        "failed" if failed else status_of(session),
        session.amount_total or 0,
        session.currency or "",
        interval_of(session.metadata.get(INTERVAL)),
    )
    if session.mode == "subscription" and session.subscription:
        return invoices.facts_of_subscription(session.subscription, session.invoice, stripe, checkout=checkout)
    payments: tuple[Payment, ...] = ()
    if session.payment_status == "paid" and session.payment_intent:
        paid = PaymentIntent.model_validate(stripe.payment_intent(session.payment_intent))
        payments = (Payment(paid.id, paid.amount_received, paid.currency, paid.created, paid.livemode),)
    return Facts(
        payments=payments,
        checkout=checkout,
        customer=session.customer,
        currency=session.currency,
        campaign=session.metadata.get(CAMPAIGN),
        source=session.metadata.get(SOURCE),
    )


def status_of(session: CheckoutSession) -> CheckoutStatus:
    """Stripe's two statuses as our one."""
    if session.status == "expired":
        return "expired"
    if session.status != "complete":
        return "open"
    return "processing" if session.payment_status == "unpaid" else "paid"


def _failed_facts(snapshot: Mapping[str, Any], stripe: Stripe) -> Facts:
    session = CheckoutSession.model_validate(stripe.checkout_session(snapshot["id"]))
    # Told as failed, yet paid by now: what is fetched counts, not what was told.
    return facts_of(session, stripe, failed=session.payment_status == "unpaid")


def _session_of_payment(snapshot: Mapping[str, Any], stripe: Stripe) -> Mapping[str, Any] | None:
    # A monthly gift's payments carry no mark and have no session of their own: they are told by their invoices.
    named = Named.model_validate(snapshot)
    return stripe.checkout_session_of_payment(named.id) if MARK in named.metadata else None


def _who_paid(snapshot: Mapping[str, Any], stripe: Stripe) -> Who | None:
    session = _session_of_payment(snapshot, stripe)
    return who(session, stripe) if session else None


def _facts_of_payment(snapshot: Mapping[str, Any], stripe: Stripe) -> Facts | None:
    session = _session_of_payment(snapshot, stripe)
    return facts_of(CheckoutSession.model_validate(session), stripe) if session else None


SESSION = Handler(who, facts)
FAILED_SESSION = Handler(who, _failed_facts)
PAYMENT = Handler(_who_paid, _facts_of_payment)
