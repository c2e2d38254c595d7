"""Turn a PaymentIntent into a movement of money."""

from chalicelib.ledger.rules.movements import STRIPE, Fee, Movement, Period
from chalicelib.rails.stripe.events.methods import method_of, payer_of
from chalicelib.rails.stripe.events.shapes import BalanceTransaction, Charge, PaymentIntent, Settled
from chalicelib.rails.stripe.port import Stripe


class PaymentNotShown(ValueError):
    """Stripe tells that money came, and does not show yet with which payment: a later try finds it.

    If the event counted as applied, nothing would book that money before the daily ring.
    """


def intent_of(payment: str, stripe: Stripe) -> PaymentIntent:
    """Fetch a PaymentIntent by its id."""
    return PaymentIntent.model_validate(stripe.payment_intent(payment))


def gift(
    paid: PaymentIntent,
    amount: int | None = None,
    *,
    invoice: str | None = None,
    subscription: str | None = None,
    period: Period | None = None,
) -> Movement | None:
    """The gift that a payment made; None while nothing was received, whatever its session or invoice says.

    If a zero were booked, the movement would count as booked, and the money that comes later would be lost.

    :param amount: how much of the payment was for the invoice (minor units); None: all of it.
    """
    received = paid.amount_received if amount is None else min(amount, paid.amount_received)
    if received <= 0:
        return None
    charge = paid.latest_charge if isinstance(paid.latest_charge, Charge) else None
    return Movement(
        paid.id,
        "gift",
        paid.id,
        received,
        paid.currency,
        _taken_at(paid, charge),
        paid.livemode,
        invoice=invoice,
        recurring=subscription,
        rail=STRIPE,
        fee=fee_of(charge.balance_transaction if charge else None),
        period=period,
        method=method_of(charge),
        payer=payer_of(charge),
    )


def _taken_at(paid: PaymentIntent, charge: Charge | None) -> int:
    """When the money was taken: the time of the charge that succeeded.

    A payment that was refused at first keeps the time of its first try, which may be weeks before, in another month
    and year than the money; a charge is one try.
    """
    return charge.created if charge and charge.created else paid.created


def fee_of(settled: Settled) -> Fee | None:
    """Stripe's fee; None while it is not known, as a card payment settles a moment after it was paid."""
    return Fee(settled.fee, settled.currency) if isinstance(settled, BalanceTransaction) else None
