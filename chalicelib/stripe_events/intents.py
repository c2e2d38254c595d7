"""A PaymentIntent as the movement of money that it is."""

from chalicelib.domain.movements import Fee, Movement, Period
from chalicelib.ports import Stripe
from chalicelib.stripe_events.shapes import BalanceTransaction, Charge, PaymentIntent, Settled


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
) -> Movement:
    """The gift that a payment is; `amount` where an invoice says how much of it was for this."""
    charge = paid.latest_charge
    return Movement(
        paid.id,
        "gift",
        paid.id,
        paid.amount_received if amount is None else amount,
        paid.currency,
        paid.created,
        paid.livemode,
        invoice=invoice,
        subscription=subscription,
        fee=fee_of(charge.balance_transaction if isinstance(charge, Charge) else None),
        period=period,
    )


def fee_of(settled: Settled) -> Fee | None:
    """What Stripe kept; None while it does not say: a card's money settles a moment after it was paid."""
    return Fee(settled.fee, settled.currency) if isinstance(settled, BalanceTransaction) else None
