"""The probe of Stripe for the circuit breaker: whether it answers at all."""

from chalicelib.kernel.moments import BusinessTime
from chalicelib.rails.stripe.port import Stripe, StripeRefused, StripeUnavailable


def answers(stripe: Stripe, now: BusinessTime) -> bool:
    """Whether Stripe answers a list of events, which is likely empty. A refusal is an answer, too."""
    try:
        next(iter(stripe.events(since=now)), None)
    except StripeUnavailable:
        return False
    except StripeRefused:
        return True
    return True
