"""What refunds and disputes share: finding the gift that they are of."""

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
    """The payment that a refund or a dispute is of; where it is not named, the charge is fetched, which names it."""
    if payment or not charge:
        return payment
    return PaidCharge.model_validate(stripe.charge(charge)).payment_intent


def facts_of_reversal(
    payment: str | None, sources: Lookups, taken: Callable[[Booked], Sequence[ReversalFacts]]
) -> Facts | None:
    """The facts of refunds or disputes of a payment.

    If the gift is not booked yet because its own events are still to come, it is booked together with them: the books
    are the same in whatever order Stripe sends the events.

    :param taken: makes the reversals' facts, given the gift.
    :raises GiftNotFound: the payment is ours, but no gift was found for it.
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
