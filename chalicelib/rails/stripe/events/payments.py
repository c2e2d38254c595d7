"""Payments: the gift behind a PaymentIntent, whatever kind of gift it is.

When Stripe sends them:
- payment_intent.succeeded: money arrived. A one-off gift's carries our mark and leads back to its session; a
  recurring gift's carries nothing (its invoice names it, it does not name the invoice) and is found the other way.

Refunds, disputes and reconcile use this too, as the payment is all that they name.
"""

from dataclasses import replace

from chalicelib.booking.rules.facts import Facts
from chalicelib.kernel.ids import SupporterId
from chalicelib.ledger.rules.movements import Booked, Movement
from chalicelib.rails.stripe.events import invoices, sessions
from chalicelib.rails.stripe.events.billing_shapes import InvoicePayment
from chalicelib.rails.stripe.events.handler import Handler, Lookups, Snapshot, Who
from chalicelib.rails.stripe.events.intents import gift, intent_of
from chalicelib.rails.stripe.events.shapes import Charge, CheckoutSession, Payer, PaymentIntent
from chalicelib.rails.stripe.metadata import CAMPAIGN, MARK, SOURCE
from chalicelib.rails.stripe.port import Stripe
from chalicelib.supporters.rules.state import State


def who_gave(payment: str, sources: Lookups) -> Who | None:
    """Whose gift a payment is; None for a payment that is no gift."""
    if booked := sources.booked(payment):
        return Who(booked_for=booked.supporter)
    return _who_made(intent_of(payment, sources.stripe), sources.stripe)


def what_was_given(payment: str, sources: Lookups) -> Facts | None:
    """The facts that book the gift behind a payment, fetched anew; None where there is no such gift."""
    intent = intent_of(payment, sources.stripe)
    marked = MARK in intent.metadata
    if not marked and (invoice := _invoice_of(payment, sources.stripe)):
        return invoices.facts_of_invoice(invoice, sources.stripe)
    session = sessions.session_of(sources.stripe, payment=payment)
    if not marked and not session:
        return None
    facts = sessions.facts_of(CheckoutSession.model_validate(session), sources.stripe) if session else _bare(intent)
    # Stripe may show a session as unpaid for a moment after its payment succeeded.
    return facts if facts.gifts else replace(facts, gifts=_gifts(intent), checkout=None)


def gift_of(facts: Facts, payment: str) -> Booked | None:
    """The gift that this payment made, from facts that are about to be booked; None where they have none."""
    found = next((one for one in facts.gifts if one.id == payment), None)
    return Booked(found, SupporterId(""), facts.campaign, facts.source) if found else None


def _bare(intent: PaymentIntent) -> Facts:
    """The facts of a marked payment whose session was not found, from the payment itself."""
    return Facts(
        customer=intent.customer,
        currency=intent.currency,
        campaign=intent.metadata.get(CAMPAIGN),
        source=intent.metadata.get(SOURCE),
    )


def _gifts(intent: PaymentIntent) -> tuple[Movement, ...]:
    received = gift(intent) if intent.status == "succeeded" else None
    return (received,) if received else ()


def _invoice_of(payment: str, stripe: Stripe) -> str | None:
    links = [InvoicePayment.model_validate(link) for link in stripe.invoice_payments_of(payment)]
    return next((link.invoice for link in links if link.invoice), None)


def _who_made(payer: Payer, stripe: Stripe) -> Who | None:
    if MARK in payer.metadata:
        email = payer.receipt_email if payer.customer else payer.receipt_email or _beside_the_card(payer.id, stripe)
        return Who(payer.metadata, payer.customer, billed_to=email, payment=payer.id)
    invoice = _invoice_of(payer.id, stripe)
    return invoices.who_pays(invoice, stripe) if invoice else Who(payer.metadata, payer.customer, payment=payer.id)


def _beside_the_card(payment: str, stripe: Stripe) -> str | None:
    """The address that the payer typed beside the card.

    For a payer without a customer: their session may be complete only a moment after the payment.
    """
    charge = intent_of(payment, stripe).latest_charge
    return charge.billing_details.email if isinstance(charge, Charge) and charge.billing_details else None


def _who(snapshot: Snapshot, sources: Lookups) -> Who | None:
    """Whose it is by the snapshot's mark and customer, which never change, so another product's costs no call."""
    return _who_made(Payer.model_validate(snapshot), sources.stripe)


def _facts(snapshot: Snapshot, sources: Lookups) -> Facts | None:
    return what_was_given(snapshot["id"], sources)


def _known(snapshot: Snapshot, sources: Lookups, _state: State) -> bool:
    return sources.booked(snapshot["id"]) is not None


PAYMENT = Handler(_who, _facts, _known)
