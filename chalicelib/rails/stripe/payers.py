"""Who paid, as Stripe knows them: the customer of a payment."""

from chalicelib.rails.stripe.events.shapes import PaymentIntent
from chalicelib.rails.stripe.port import Stripe


def customer_of(payment: str, stripe: Stripe) -> str | None:
    """The customer who made a payment; None if it has none.

    :raises StripeUnavailable, StripeRefused: not known.
    """
    return PaymentIntent.model_validate(stripe.payment_intent(payment)).customer
