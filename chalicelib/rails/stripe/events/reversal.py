"""What refunds and disputes share: the way from them to the gift that they are of."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from chalicelib.booking.rail import GiftNotFound
from chalicelib.booking.rules.facts import Facts, ReversalFacts
from chalicelib.ledger.rules.movements import Booked
from chalicelib.rails.stripe.events.handler import Lookups
from chalicelib.rails.stripe.events.payments import gift_of, what_was_given
from chalicelib.rails.stripe.events.shapes import PaidCharge
from chalicelib.rails.stripe.port import Stripe


def payment_of(payment: str | None, charge: str | None, stripe: Stripe) -> str | None:
    """The payment that a refund or a dispute is of; the charge knows it where it is not named."""
    if payment or not charge:
        return payment
    return PaidCharge.model_validate(stripe.charge(charge)).payment_intent


def facts_of_reversal(
    payment: str | None, sources: Lookups, taken: Callable[[Booked], Sequence[ReversalFacts]]
) -> Facts | None:
    """What was taken back of a payment.

    A gift that is not booked yet, as its own events are still on their way, is booked together with it: whatever
    order Stripe tells it in, the books are the same.

    :raises GiftNotFound: see there.
    """
    if not payment:
        return None
    if booked := sources.booked(payment):
        return Facts(reversals=tuple(taken(booked)))
    facts = what_was_given(payment, sources)
    gift = gift_of(facts, payment) if facts else None
    if facts is None or gift is None:
        raise GiftNotFound
    return replace(facts, reversals=tuple(taken(gift)))
