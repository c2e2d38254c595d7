"""A PaymentIntent as the movement of money that it is."""

from chalicelib.ledger.rules.movements import STRIPE, Fee, Movement, Period
from chalicelib.rails.stripe.events.shapes import BalanceTransaction, Charge, PaymentIntent, Settled
from chalicelib.rails.stripe.port import Stripe


def intent_of(payment: str, stripe: Stripe) -> PaymentIntent:
    """A payment fetched anew."""
    return PaymentIntent.model_validate(stripe.payment_intent(payment))


def gift(
    paid: PaymentIntent,
    amount: int | None = None,
    *,
    invoice: str | None = None,
    subscription: str | None = None,
    period: Period | None = None,
) -> Movement | None:
    """The gift that a payment is; None while nothing was received, whatever its session or invoice says.

    Booked as zero, the movement would count as known, and the money that comes later would be lost.

    :param amount: where an invoice says how much of the payment was for it.
    """
    received = paid.amount_received if amount is None else min(amount, paid.amount_received)
    if received <= 0:
        return None
    charge = paid.latest_charge
    return Movement(
        paid.id,
        "gift",
        paid.id,
        received,
        paid.currency,
        paid.created,
        paid.livemode,
        invoice=invoice,
        recurring=subscription,
        rail=STRIPE,
        fee=fee_of(charge.balance_transaction if isinstance(charge, Charge) else None),
        period=period,
    )


def fee_of(settled: Settled) -> Fee | None:
    """What Stripe kept; None while it does not say: a card's money settles a moment after it was paid."""
    return Fee(settled.fee, settled.currency) if isinstance(settled, BalanceTransaction) else None
