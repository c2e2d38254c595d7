"""Add the fee of a payment to its entry, once, when Stripe knows it."""

from chalicelib.booking.rail import Outcome
from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.kernel.table import TransactionLost
from chalicelib.ledger.rows import entries as ledger
from chalicelib.rails.stripe.deps import StripeDeps
from chalicelib.rails.stripe.events.envelope import Event
from chalicelib.rails.stripe.events.intents import fee_of, intent_of
from chalicelib.rails.stripe.events.shapes import Charge, PaidCharge


def settle_fee(event: Event, deps: StripeDeps, _now: BusinessTime, _real_now: RealTime) -> Outcome:
    """Handle `charge.updated`, which is sent, among others, when a paid charge gets its balance transaction.

    :raises StripeUnavailable, TableUnavailable: it may be done again later; reconcile does it, too.
    """
    payment = PaidCharge.model_validate(event.data.object).payment_intent
    stored = ledger.entry_of(deps.table, payment) if payment else None
    if payment is None or stored is None or stored.entry.movement.fee:
        return "ignored"
    charge = intent_of(payment, deps.stripe).latest_charge
    fee = fee_of(charge.balance_transaction if isinstance(charge, Charge) else None)
    if fee is None:
        return "ignored"
    try:
        deps.table.transact(ledger.settle_fee(stored, fee, deps.newsroom.zone))
    except TransactionLost as lost:
        if not lost.failed:
            raise  # another transaction was writing the same sums: try again later
    return "applied"
