"""The types of events that Stripe is asked to send (`enabled_events` of the webhook endpoint), each with its reason.

Each type costs a call, a row and, if it is applied, questions to Stripe, for every gift that it tells of. So a type
is asked for only if no other one of them tells the same in time. Handlers stay for all of `HANDLED`: another
endpoint may send them, a person may send one again, and `ops reconcile` by hand applies whatever Stripe lists.
"""

from collections.abc import Mapping

# What only this type tells, or tells in time.
ENABLED_EVENTS: Mapping[str, str] = {
    "checkout.session.completed": "a one-off gift is paid, or under way; a first recurring one opens",
    "checkout.session.async_payment_succeeded": "a delayed payment (SEPA) arrived",
    "checkout.session.async_payment_failed": "a delayed payment will never arrive",
    "invoice.paid": "the money of a recurring gift, the first and each renewal",
    "invoice.payment_failed": "a renewal was refused: the supporter is told how to mend it",
    "invoice.payment_action_required": "the bank wants to be answered: only this one says so for certain",
    "customer.subscription.updated": "a gift is overdue, changed, paused, resumed or to end",
    "customer.subscription.deleted": "a gift has ended",
    "customer.updated": "a new card, set in Stripe's portal: an overdue payment is tried with it at once",
    "customer.deleted": "the customer is gone: a later gift needs another one",
    "payment_method.updated": "a card has another expiry, by hand; no gift sends it",
    "payment_method.automatically_updated": "a card has another number or expiry, from its network; no gift sends it",
    "payment_intent.payment_failed": "a card was refused in a checkout: the tenth ends it, as cards are tested there",
    "refund.created": "money goes back",
    "refund.updated": "a pending refund left, or was cancelled",
    "refund.failed": "a refund came back",
    "charge.dispute.created": "a dispute, or an inquiry",
    "charge.dispute.funds_withdrawn": "a dispute took the money",
    "charge.dispute.funds_reinstated": "a dispute gave it back, maybe after it was closed",
    "charge.dispute.closed": "a dispute is won or lost",
    "radar.early_fraud_warning.created": "a stolen card is suspected: a small gift goes back before it is disputed",
}

# Handled, and not asked for: which of those above tells the same. What is missed all the same, the rings find.
REDUNDANT_EVENTS: Mapping[str, str] = {
    "payment_intent.succeeded": "checkout.session.completed and async_payment_succeeded, or invoice.paid",
    "invoice.payment_succeeded": "invoice.paid: the same moment, but an invoice of zero, which it leaves out",
    "invoice_payment.paid": "invoice.paid, which is tried again until its payment is shown",
    "charge.updated": "nothing: the fee, of which no reader hears; the daily ring books it from Stripe's own books",
    "checkout.session.expired": "nothing: whoever looks at an open checkout asks Stripe, which then says so",
    "customer.subscription.created": "checkout.session.completed and invoice.paid",
    "customer.subscription.paused": "customer.subscription.updated: its status changes",
    "customer.subscription.resumed": "customer.subscription.updated: its status changes",
    "charge.refunded": "refund.created",
    "charge.refund.updated": "refund.updated, of which it is the old name",
    "charge.dispute.updated": "the other four: it tells of evidence, which moves no money",
    "radar.early_fraud_warning.updated": "radar.early_fraud_warning.created; it only says that it cannot be acted on",
}
