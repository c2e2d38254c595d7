"""Handle early fraud warnings: a card network suspects a stolen card, and a dispute is likely to follow."""

from chalicelib.booking.rail import Outcome
from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.observing.log import alarm
from chalicelib.rails.stripe.deps import StripeDeps
from chalicelib.rails.stripe.events.envelope import Event
from chalicelib.rails.stripe.events.handler import Lookups
from chalicelib.rails.stripe.events.intents import intent_of
from chalicelib.rails.stripe.events.payments import who_gave
from chalicelib.rails.stripe.events.reversal import payment_of
from chalicelib.rails.stripe.events.shapes import Charge, FraudWarning, OfPayment, PaymentIntent
from chalicelib.rails.stripe.port import StripeRefused
from chalicelib.rails.stripe.recognise import ours


def handle_fraud_warning(event: Event, deps: StripeDeps, _now: BusinessTime, _real_now: RealTime) -> Outcome:
    """Handle `radar.early_fraud_warning.created` and `.updated`: refund a small gift, and raise an alarm.

    Small: up to the newsroom's `refund_suspected_up_to`. The refund is booked by its own events.

    :raises StripeUnavailable, TableUnavailable: it may be handled again later; one idempotency key, so one refund.
    """
    about = OfPayment.model_validate(event.data.object)
    payment = payment_of(about.payment_intent, about.charge, deps.stripe)
    who = who_gave(payment, Lookups(deps.stripe, deps.find_gift())) if payment else None
    if payment is None or who is None or ours(who, deps, deps.stripe) is None:
        return "foreign"
    warning = FraudWarning.model_validate(event.data.object)
    paid = intent_of(payment, deps.stripe)
    # The warning is as old as its event: a payment that was disputed since then, and maybe won, must not be refunded.
    if not warning.actionable or (isinstance(paid.latest_charge, Charge) and paid.latest_charge.disputed):
        return "applied"
    refunded = _refund(paid, deps)
    alarm("early_fraud_warning", payment=payment, warning=warning.id, refunded="yes" if refunded else "no")
    return "applied"


def _refund(paid: PaymentIntent, deps: StripeDeps) -> bool:
    rules = deps.newsroom.currencies.get(paid.currency)
    if rules is None or paid.amount_received > rules.refund_suspected_up_to:
        return False
    params = {"payment_intent": paid.id, "reason": "fraudulent"}
    try:
        deps.stripe.create_refund(params, idempotency_key=f"suspected:{paid.id}")
    except StripeRefused:
        return False  # refunded or disputed meanwhile
    return True
