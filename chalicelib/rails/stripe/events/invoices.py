"""Invoices: the payments of recurring gifts.

When Stripe sends them:
- invoice.paid, invoice.payment_succeeded, invoice_payment.paid: at the first payment, often one second *before*
  checkout.session.completed, and at every renewal. All three are about the same money. The invoice's payments name
  it; a webhook never holds them, so they are fetched, and while they show no money the event is tried again.
- invoice.payment_failed: a payment was refused; Stripe tries again for some days.
- invoice.payment_action_required: the supporter's bank wants them to confirm it (3-D Secure); beside the one above.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from chalicelib.booking.rules.facts import CheckoutFacts, Facts, FailedRenewal
from chalicelib.checkouts.rules.status import CheckoutStatus
from chalicelib.ledger.rules.failed_payments import FailedPayment
from chalicelib.ledger.rules.movements import Movement, Period
from chalicelib.rails.stripe.events.billing_shapes import (
    BilledInvoice,
    Invoice,
    InvoicePayment,
    LinkedInvoice,
    Subscription,
)
from chalicelib.rails.stripe.events.handler import Handler, Lookups, Snapshot, Who
from chalicelib.rails.stripe.events.intents import PaymentNotShown, gift, intent_of
from chalicelib.rails.stripe.events.paid_periods import paid_invoice
from chalicelib.rails.stripe.events.subscriptions import subscription_facts, subscription_of
from chalicelib.rails.stripe.metadata import CAMPAIGN, SOURCE
from chalicelib.rails.stripe.port import Stripe
from chalicelib.supporters.rules.access import ENDED

# Refusals after which no later try with the same card or account can succeed: https://docs.stripe.com/declines/codes
_GONE = frozenset(
    "account_closed bank_account_closed card_not_supported debit_not_authorized expired_card incorrect_number"
    " invalid_account invalid_expiry_month invalid_expiry_year invalid_number lost_card mandate_invalid"
    " new_account_information_available no_account payment_method_not_available pickup_card"
    " revocation_of_all_authorizations revocation_of_authorization stolen_card stop_payment_order"
    " transaction_not_allowed".split()
)
_CONFIRM = frozenset({"authentication_required", "authentication_not_handled"})


def who_pays(invoice_id: str, stripe: Stripe) -> Who | None:
    """Fetch an invoice and say whose it is; None where it is not of a recurring gift."""
    return _who_pays(BilledInvoice.model_validate(stripe.invoice(invoice_id)))


def facts_of_invoice(invoice_id: str, stripe: Stripe, *, failed: FailedRenewal | None = None) -> Facts | None:
    """The facts of an invoice, fetched anew; None where it is not of a recurring gift."""
    invoice = _fetched(invoice_id, stripe)
    subscription = invoice.details.subscription
    if not subscription:
        return None
    current = subscription_of(subscription, stripe)
    facts = _facts(current, invoice, stripe)
    if failed is None or _waited_for(invoice, current):
        return facts
    facts = replace(facts, failure=FailedPayment(invoice.id, invoice.created, invoice.amount_due, invoice.currency))
    if invoice.status != "open":
        return facts
    # When Stripe tries again is taken from the invoice as it stands now: the failed try may be long past.
    again = invoice.next_payment_attempt
    needs = needs_of(invoice, stripe) or failed.needs
    return replace(
        facts, failed=replace(failed, next_attempt_at=again, needs=needs, pay_at=invoice.hosted_invoice_url)
    )


def _waited_for(invoice: Invoice, subscription: Subscription) -> bool:
    """Whether a change of the gift waits for this payment, or was given up with it.

    It is no payment that was due: if it fails, all stays as it was, and whoever asked for it was told at once.
    """
    pending = subscription.pending_update is not None and subscription.latest_invoice == invoice.id
    return pending or (invoice.billing_reason == "subscription_update" and invoice.status == "void")


def facts_of_start(subscription_id: str, invoice_id: str | None, stripe: Stripe, checkout: CheckoutFacts) -> Facts:
    """The facts of the subscription that a checkout started, with its first invoice if there is one yet."""
    subscription = subscription_of(subscription_id, stripe)
    invoice = _fetched(invoice_id, stripe) if invoice_id else None
    status = _status_of_start(checkout.status, subscription, invoice)
    return replace(_facts(subscription, invoice, stripe), checkout=replace(checkout, status=status))


def _status_of_start(notified: CheckoutStatus, subscription: Subscription, invoice: Invoice | None) -> CheckoutStatus:
    """The checkout's status by its first payment. One that failed and will be tried again is still `processing`.

    With `failed` the page asks the reader to pay again; they would pay twice if Stripe's next try succeeded.
    """
    if notified not in ("processing", "failed"):
        return notified
    if invoice and invoice.status == "paid":
        return "paid"
    if subscription.status in (*ENDED, "unpaid"):
        return "failed"
    tried_again = bool(invoice and invoice.status == "open" and invoice.next_payment_attempt)
    given_up = notified == "failed" or subscription.status == "past_due"
    return "failed" if given_up and not tried_again else "processing"


def _facts(subscription: Subscription, invoice: Invoice | None, stripe: Stripe) -> Facts:
    """The facts of a subscription, with what the invoice adds to them."""
    paid = invoice if invoice and invoice.status == "paid" else None
    pays_for = paid_invoice(paid, subscription, stripe) if paid else None
    first = bool(paid and paid.billing_reason == "subscription_create")
    current = subscription_facts(subscription, pays_for, first=first)
    if invoice and invoice.id == subscription.latest_invoice:
        again = invoice.next_payment_attempt if invoice.status == "open" else None
        current = replace(current, retry_at=again, retry_known=True)
    return Facts(
        gifts=_gifts(paid, subscription.id, pays_for.period if pays_for else None, stripe) if paid else (),
        recurring=current,
        customer=subscription.customer,
        currency=subscription.currency,
        campaign=subscription.metadata.get(CAMPAIGN),
        source=subscription.metadata.get(SOURCE),
    )


def _fetched(invoice_id: str, stripe: Stripe) -> Invoice:
    return Invoice.model_validate(stripe.invoice(invoice_id))


def _who_pays(invoice: BilledInvoice) -> Who | None:
    details = invoice.details
    if not details.subscription:
        return None
    return Who(
        details.metadata, invoice.customer, billed_to=invoice.customer_email, subscription=details.subscription
    )


def _links(invoice: Invoice, stripe: Stripe) -> Sequence[InvoicePayment]:
    if invoice.payments is not None:
        return invoice.payments.data
    return [InvoicePayment.model_validate(link) for link in stripe.payments_of_invoice(invoice.id)]


def _gifts(invoice: Invoice, subscription: str, period: Period | None, stripe: Stripe) -> tuple[Movement, ...]:
    """The gifts that paid an invoice; none for an invoice of zero, or for one that was settled outside Stripe."""
    if not invoice.amount_paid:
        return ()
    paid = [
        (link, link.payment.payment_intent)
        for link in _links(invoice, stripe)
        if link.status == "paid" and link.payment.payment_intent and link.amount_paid != 0
    ]
    made = [
        gift(intent_of(payment, stripe), link.amount_paid, invoice=invoice.id, subscription=subscription)
        for link, payment in paid
    ]
    gifts = [one for one in made if one]
    # Of several payments of one invoice, the period goes with the largest: refunding a small one must not end access.
    main = max(gifts, key=lambda one: (one.amount, one.id), default=None)
    return tuple(replace(one, period=period) if one is main else one for one in gifts)


def needs_of(invoice: Invoice, stripe: Stripe) -> Literal["confirm", "card"] | None:
    """What the supporter must do so that an unpaid invoice can be paid; None where Stripe's next try may succeed."""
    payments = [link.payment.payment_intent for link in _links(invoice, stripe) if link.status != "canceled"]
    named = [payment for payment in payments if payment]
    if not named:
        return "card"  # no payment is left that Stripe could try again
    intent = intent_of(named[-1], stripe)
    error = intent.last_payment_error
    codes = {error.code, error.decline_code} if error else set()
    if intent.status == "requires_action" or codes & _CONFIRM:
        return "confirm"
    nothing_to_charge = intent.status == "requires_payment_method" and error is None
    return "card" if nothing_to_charge or codes & _GONE else None


def _whose(snapshot: Snapshot, stripe: Stripe) -> BilledInvoice:
    """The invoice in the snapshot; fetched if the snapshot has the shape of API versions before 2025-03-31.basil.

    An endpoint that is not pinned to our version sends such snapshots, which name the subscription in another field:
    our own renewals would pass for invoices without subscription and never be booked.
    """
    invoice = BilledInvoice.model_validate(snapshot)
    if snapshot.get("subscription") and not invoice.parent:
        return BilledInvoice.model_validate(stripe.invoice(invoice.id))
    return invoice


def _who(snapshot: Snapshot, sources: Lookups) -> Who | None:
    return _who_pays(_whose(snapshot, sources.stripe))


def _facts_now(snapshot: Snapshot, sources: Lookups) -> Facts | None:
    return facts_of_invoice(snapshot["id"], sources.stripe)


def _facts_of_paid(snapshot: Snapshot, sources: Lookups) -> Facts | None:
    """The facts of an invoice that is told as paid.

    :raises PaymentNotShown: by Stripe, and none of its payments has received anything yet.
    """
    facts = _facts_now(snapshot, sources)
    if facts and not facts.gifts and _paid_by_stripe(snapshot, sources.stripe):
        raise PaymentNotShown
    return facts


def _paid_by_stripe(snapshot: Snapshot, stripe: Stripe) -> bool:
    """Whether money came for an invoice, and came by Stripe: for certain not only outside it (cash, a bank transfer).

    What came outside stands in its payments as a payment without PaymentIntent, or only as a sum on the invoice; in
    versions before 2025-03-31.basil as the flag `paid_out_of_band`.
    https://docs.stripe.com/changelog/dahlia/2026-05-27/invoice-object-amount-paid-off-stripe-property
    """
    invoice = _fetched(snapshot["id"], stripe)
    # Once paid, an invoice stays so: one that is not shown as paid yet is shown as it was before.
    amount = invoice.amount_paid if invoice.status == "paid" else snapshot.get("amount_paid")
    if snapshot.get("status") != "paid" or not amount or snapshot.get("paid_out_of_band"):
        return False
    if any(link.status == "paid" and not link.payment.payment_intent for link in _links(invoice, stripe)):
        return False
    outside = Invoice.model_validate(stripe.invoice_paid_off_stripe(invoice.id)).amount_paid_off_stripe
    return (outside or 0) < amount


def _facts_of_failed(snapshot: Snapshot, sources: Lookups) -> Facts | None:
    notified = Invoice.model_validate(snapshot)
    return facts_of_invoice(notified.id, sources.stripe, failed=_failed(notified))


def _facts_of_unconfirmed(snapshot: Snapshot, sources: Lookups) -> Facts | None:
    notified = Invoice.model_validate(snapshot)
    return facts_of_invoice(notified.id, sources.stripe, failed=replace(_failed(notified), needs="confirm"))


def _failed(notified: Invoice) -> FailedRenewal:
    """The failed try of an invoice. Both events about one try give it the same id, so that it makes one mail only."""
    tries = max(notified.attempt_count, 1)
    return FailedRenewal(f"{notified.id}:{tries}", notified.next_payment_attempt, again=tries > 1)


def _invoice_of(snapshot: Snapshot) -> str | None:
    return LinkedInvoice.model_validate(snapshot).invoice


def _who_linked(snapshot: Snapshot, sources: Lookups) -> Who | None:
    invoice = _invoice_of(snapshot)
    return who_pays(invoice, sources.stripe) if invoice else None


def _facts_of_link(snapshot: Snapshot, sources: Lookups) -> Facts | None:
    invoice = _invoice_of(snapshot)
    return facts_of_invoice(invoice, sources.stripe) if invoice else None


INVOICE = Handler(_who, _facts_now)
PAID = Handler(_who, _facts_of_paid)
PAYMENT_FAILED = Handler(_who, _facts_of_failed)
ACTION_REQUIRED = Handler(_who, _facts_of_unconfirmed)
LINKED = Handler(_who_linked, _facts_of_link)
