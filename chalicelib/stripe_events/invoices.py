"""Invoices and subscriptions: recurring gifts.

When Stripe sends them:
- customer.subscription.created, invoice.paid: right after the first payment, often one second *before*
  checkout.session.completed.
- invoice.paid: at every renewal; the money is named by the invoice's payments, which must be asked for.
- invoice.payment_failed: a renewal was refused; Stripe tries again for some days.
- customer.subscription.updated: past due, stopped or resumed in the portal, changed.
- customer.subscription.deleted: it has ended.
"""

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.booking import CheckoutFacts, Facts, FailedRenewal, Payment, SubscriptionFacts
from chalicelib.domain.newsroom import interval_of
from chalicelib.ports import Stripe
from chalicelib.stripe_events.handler import CAMPAIGN, SOURCE, Handler, Who
from chalicelib.stripe_events.shapes import Invoice, PaymentIntent, Subscription


def _told(snapshot: Mapping[str, Any], stripe: Stripe) -> Invoice:
    """The invoice as told; asked for anew when it names no parent.

    That is one of somebody else's, or one in the shape of an older API version, as an endpoint sends that is not
    pinned to ours: without another look, our own renewals would pass for foreign ones and never be booked.
    """
    invoice = Invoice.model_validate(snapshot)
    return invoice if invoice.parent else Invoice.model_validate(stripe.invoice(invoice.id))


def _who_invoice(snapshot: Mapping[str, Any], stripe: Stripe) -> Who | None:
    invoice = _told(snapshot, stripe)
    return Who(invoice.details.metadata or {}, invoice.customer, invoice.customer_email)


def _who_subscription(snapshot: Mapping[str, Any], _stripe: Stripe) -> Who:
    subscription = Subscription.model_validate(snapshot)
    return Who(subscription.metadata, subscription.customer)


def _facts_of_paid(snapshot: Mapping[str, Any], stripe: Stripe) -> Facts | None:
    details = _told(snapshot, stripe).details
    return facts_of_subscription(details.subscription, snapshot["id"], stripe) if details.subscription else None


def _facts_of_failed(snapshot: Mapping[str, Any], stripe: Stripe) -> Facts | None:
    told = _told(snapshot, stripe)
    if not told.details.subscription:
        return None
    failed = FailedRenewal(f"{told.id}:{told.attempt_count}", told.next_payment_attempt)
    return facts_of_subscription(told.details.subscription, told.id, stripe, failed=failed)


def _facts_of_change(snapshot: Mapping[str, Any], stripe: Stripe) -> Facts:
    return facts_of_subscription(snapshot["id"], None, stripe)


def facts_of_subscription(
    subscription_id: str,
    invoice_id: str | None,
    stripe: Stripe,
    *,
    checkout: CheckoutFacts | None = None,
    failed: FailedRenewal | None = None,
) -> Facts:
    """The subscription fetched anew and, where one is named, the invoice with its payments."""
    invoice = Invoice.model_validate(stripe.invoice(invoice_id)) if invoice_id else None
    subscription = Subscription.model_validate(stripe.subscription(subscription_id))
    paid = invoice if invoice and invoice.status == "paid" else None
    return Facts(
        payments=_payments(paid, subscription_id, stripe) if paid else (),
        subscription=_facts(subscription, paid),
        checkout=checkout,
        customer=subscription.customer,
        currency=subscription.currency,
        campaign=subscription.metadata.get(CAMPAIGN),
        source=subscription.metadata.get(SOURCE),
        failed=None if paid else failed,
    )


def _facts(subscription: Subscription, paid: Invoice | None) -> SubscriptionFacts:
    price = subscription.items.data[0].price
    ends = [line.period.end for line in paid.lines.data] if paid else []
    return SubscriptionFacts(
        id=subscription.id,
        status=subscription.status,
        started_at=subscription.start_date,
        ends_at=subscription.ends_at,
        stopped_at=subscription.canceled_at,
        amount=(price.unit_amount or 0) * (subscription.items.data[0].quantity or 1),
        currency=subscription.currency,
        interval=interval_of(price.recurring.interval if price.recurring else "month"),
        customer=subscription.customer or "",
        paid_through=max(ends) if ends else None,
        paid_amount=paid.amount_paid if paid else None,
        first=bool(paid and paid.billing_reason == "subscription_create"),
    )


def _payments(invoice: Invoice, subscription_id: str, stripe: Stripe) -> tuple[Payment, ...]:
    """The money behind a paid invoice. One of zero has none, and one settled outside Stripe names none."""
    listed = invoice.payments.data if invoice.payments else []
    payments = []
    for part in listed:
        if part.status != "paid" or not part.payment.payment_intent or not part.amount_paid:
            continue
        intent = PaymentIntent.model_validate(stripe.payment_intent(part.payment.payment_intent))
        payments.append(
            Payment(
                intent.id,
                part.amount_paid,
                part.currency,
                intent.created,
                intent.livemode,
                invoice=invoice.id,
                subscription=subscription_id,
            )
        )
    return tuple(payments)


PAID = Handler(_who_invoice, _facts_of_paid)
PAYMENT_FAILED = Handler(_who_invoice, _facts_of_failed)
CHANGED = Handler(_who_subscription, _facts_of_change)
