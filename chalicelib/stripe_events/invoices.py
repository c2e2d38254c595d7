"""Invoices: the payments of recurring gifts.

When Stripe sends them:
- invoice.paid, invoice.payment_succeeded, invoice_payment.paid: at the first payment, often one second *before*
  checkout.session.completed, and at every renewal: three words for the same money, which is named by the invoice's
  payments; in a webhook they are never there and must be asked for.
- invoice.payment_failed: a renewal was refused; Stripe tries again for some days.
"""

from dataclasses import replace

from chalicelib.domain.facts import CheckoutFacts, Facts, FailedRenewal
from chalicelib.domain.movements import Movement, Period
from chalicelib.ports import Stripe
from chalicelib.stripe_events.handler import CAMPAIGN, SOURCE, Handler, Snapshot, Sources, Who
from chalicelib.stripe_events.intents import gift, intent_of
from chalicelib.stripe_events.shapes import Invoice, InvoicePayment
from chalicelib.stripe_events.subscriptions import subscription_facts, subscription_of


def who_pays(invoice_id: str, stripe: Stripe) -> Who | None:
    """Whose invoice it is; None where it is not of a recurring gift."""
    return _who_pays(_fetched(invoice_id, stripe))


def facts_of_invoice(invoice_id: str, stripe: Stripe, *, failed: FailedRenewal | None = None) -> Facts | None:
    """What an invoice tells; None where it is not of a recurring gift."""
    invoice = _fetched(invoice_id, stripe)
    subscription = invoice.details.subscription
    return _facts(subscription, invoice, stripe, failed=failed) if subscription else None


def facts_of_start(subscription_id: str, invoice_id: str | None, stripe: Stripe, checkout: CheckoutFacts) -> Facts:
    """What a checkout started, with its first invoice where there is one yet."""
    invoice = _fetched(invoice_id, stripe) if invoice_id else None
    return replace(_facts(subscription_id, invoice, stripe), checkout=checkout)


def _facts(
    subscription_id: str, invoice: Invoice | None, stripe: Stripe, failed: FailedRenewal | None = None
) -> Facts:
    """The subscription fetched anew, and what the invoice adds to it."""
    subscription = subscription_of(subscription_id, stripe)
    paid = invoice if invoice and invoice.status == "paid" else None
    return Facts(
        gifts=_gifts(paid, subscription_id, stripe) if paid else (),
        subscription=subscription_facts(subscription, paid),
        customer=subscription.customer,
        currency=subscription.currency,
        campaign=subscription.metadata.get(CAMPAIGN),
        source=subscription.metadata.get(SOURCE),
        failed=None if paid else failed,
    )


def _fetched(invoice_id: str, stripe: Stripe) -> Invoice:
    return Invoice.model_validate(stripe.invoice(invoice_id))


def _who_pays(invoice: Invoice) -> Who | None:
    if not invoice.details.subscription:
        return None
    details = invoice.details
    return Who(
        details.metadata or {}, invoice.customer, billed_to=invoice.customer_email, subscription=details.subscription
    )


def _gifts(invoice: Invoice, subscription_id: str, stripe: Stripe) -> tuple[Movement, ...]:
    """The money behind a paid invoice. One of zero has none, and one settled outside Stripe names none."""
    if not invoice.amount_paid:
        return ()
    if invoice.payments is not None:
        links = invoice.payments.data
    else:
        links = [InvoicePayment.model_validate(link) for link in stripe.payments_of_invoice(invoice.id)]
    return tuple(
        gift(
            intent_of(link.payment.payment_intent, stripe),
            link.amount_paid,
            invoice=invoice.id,
            subscription=subscription_id,
            period=period_of(invoice),
        )
        for link in links
        if link.status == "paid" and link.payment.payment_intent and link.amount_paid != 0
    )


def period_of(invoice: Invoice) -> Period | None:
    """What an invoice pays for: its own `period_*` look back, those of its lines do not."""
    spans = [line.period for line in invoice.lines.data]
    return Period(min(span.start for span in spans), max(span.end for span in spans)) if spans else None


def _told(snapshot: Snapshot, stripe: Stripe) -> Invoice:
    """The invoice as told; asked for anew when it names its subscription as it did before 2025-03-31.basil.

    An endpoint that is not pinned to our version sends such: without another look, our own renewals would pass for
    invoices of no subscription and never be booked.
    """
    invoice = Invoice.model_validate(snapshot)
    return _fetched(invoice.id, stripe) if snapshot.get("subscription") and not invoice.parent else invoice


def _who(snapshot: Snapshot, sources: Sources) -> Who | None:
    return _who_pays(_told(snapshot, sources.stripe))


def _facts_of_paid(snapshot: Snapshot, sources: Sources) -> Facts | None:
    return facts_of_invoice(snapshot["id"], sources.stripe)


def _facts_of_failed(snapshot: Snapshot, sources: Sources) -> Facts | None:
    told = _told(snapshot, sources.stripe)
    name = f"{told.id}:{told.attempt_count}"
    failed = FailedRenewal(name, told.next_payment_attempt, again=told.attempt_count > 1)
    return facts_of_invoice(told.id, sources.stripe, failed=failed)


def _invoice_of(snapshot: Snapshot) -> str | None:
    return InvoicePayment.model_validate(snapshot).invoice


def _who_linked(snapshot: Snapshot, sources: Sources) -> Who | None:
    invoice = _invoice_of(snapshot)
    return who_pays(invoice, sources.stripe) if invoice else None


def _facts_of_link(snapshot: Snapshot, sources: Sources) -> Facts | None:
    invoice = _invoice_of(snapshot)
    return facts_of_invoice(invoice, sources.stripe) if invoice else None


PAID = Handler(_who, _facts_of_paid)
PAYMENT_FAILED = Handler(_who, _facts_of_failed)
LINKED = Handler(_who_linked, _facts_of_link)
