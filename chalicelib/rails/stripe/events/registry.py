"""Which handler takes which type of event. Types that are neither here nor side effects are stored, no more.

On purpose not here: customer.updated, which brings a new card only (`rails/stripe/side_effects/take_new_card.py`).
What else somebody changes in the portal never moves access nor a sign-in address.
"""

from collections.abc import Mapping

from chalicelib.rails.stripe.events import disputes, invoices, payments, refunds, sessions, subscriptions
from chalicelib.rails.stripe.events.handler import Handler

HANDLERS: Mapping[str, Handler] = {
    "checkout.session.completed": sessions.PAID,
    "checkout.session.async_payment_succeeded": sessions.PAID,
    "checkout.session.async_payment_failed": sessions.FAILED_SESSION,
    "checkout.session.expired": sessions.SESSION,
    "payment_intent.succeeded": payments.PAYMENT,
    "invoice.paid": invoices.PAID,
    "invoice.payment_succeeded": invoices.PAID,
    "invoice_payment.paid": invoices.LINKED,
    "invoice.payment_failed": invoices.PAYMENT_FAILED,
    "invoice.payment_action_required": invoices.ACTION_REQUIRED,
    "customer.subscription.created": subscriptions.CHANGED,
    "customer.subscription.updated": subscriptions.CHANGED,
    "customer.subscription.paused": subscriptions.CHANGED,
    "customer.subscription.resumed": subscriptions.CHANGED,
    "customer.subscription.deleted": subscriptions.CHANGED,
    "refund.created": refunds.REFUND,
    "refund.updated": refunds.REFUND,
    "refund.failed": refunds.REFUND,
    "charge.refund.updated": refunds.REFUND,
    "charge.refunded": refunds.REFUNDED_CHARGE,
    "charge.dispute.created": disputes.DISPUTE,
    "charge.dispute.updated": disputes.DISPUTE,
    "charge.dispute.funds_withdrawn": disputes.WITHDRAWN,
    "charge.dispute.funds_reinstated": disputes.REINSTATED,
    "charge.dispute.closed": disputes.DISPUTE,
}

# Handlers by the kind of Stripe's object, for objects without an event: from reconcile, or a return from checkout.
BY_OBJECT: Mapping[str, Handler] = {
    "checkout.session": sessions.SESSION,
    "payment_intent": payments.PAYMENT,
    "invoice": invoices.INVOICE,
    "subscription": subscriptions.CHANGED,
    "refund": refunds.REFUND,
    "dispute": disputes.DISPUTE,
}
