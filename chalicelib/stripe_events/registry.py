"""Which event is handled by whom. What is not listed here is recorded and changes nothing."""

from chalicelib.stripe_events import invoices, sessions
from chalicelib.stripe_events.handler import Handler

HANDLERS: dict[str, Handler] = {
    "checkout.session.completed": sessions.SESSION,
    "checkout.session.async_payment_succeeded": sessions.SESSION,
    "checkout.session.async_payment_failed": sessions.FAILED_SESSION,
    "checkout.session.expired": sessions.SESSION,
    "payment_intent.succeeded": sessions.PAYMENT,
    "invoice.paid": invoices.PAID,
    "invoice.payment_failed": invoices.PAYMENT_FAILED,
    "customer.subscription.created": invoices.CHANGED,
    "customer.subscription.updated": invoices.CHANGED,
    "customer.subscription.paused": invoices.CHANGED,
    "customer.subscription.resumed": invoices.CHANGED,
    "customer.subscription.deleted": invoices.CHANGED,
}
