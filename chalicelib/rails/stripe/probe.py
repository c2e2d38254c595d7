"""Whether Stripe answers anybody at all."""

from chalicelib.kernel.moments import BusinessTime
from chalicelib.rails.stripe.port import Stripe, StripeRefused, StripeUnavailable


def answers(stripe: Stripe, now: BusinessTime) -> bool:
    """Asks for nothing in particular. Who refuses is there."""
    try:
        next(iter(stripe.events(since=now)), None)
    except StripeUnavailable:
        return False
    except StripeRefused:
        return True
    return True
