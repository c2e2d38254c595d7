"""The fields of Stripe's objects that we read, in API version 2026-10-28.endive. Everything else is left alone.

Payments, and what is given back of them; those of recurring gifts are in `billing_shapes.py`.

Fields that older shapes do not have are optional here: an event of another version must be parked with a reason, not
crash. Times are seconds since 1970, amounts minor units, as on Stripe's wire.
"""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _id_of(value: Any) -> Any:
    """The id in an expandable field, expanded or not."""
    return value.get("id") if isinstance(value, dict) else value


Reference = Annotated[str | None, BeforeValidator(_id_of)]
# Stripe may say `null` for no metadata at all: another product's sessions do.
Metadata = Annotated[dict[str, str], BeforeValidator(lambda value: {} if value is None else value)]


class Shape(BaseModel):
    """A part of a Stripe object."""

    # Built when it is first read with: a call needs one or two of them
    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True)


class Named(Shape):
    """Any object of Stripe's: its id, its kind and its metadata."""

    id: str
    object: str
    metadata: Metadata = Field(default_factory=dict)


class CustomerDetails(Shape):
    """What the payer typed at Checkout."""

    email: str | None = None


class PaidSession(Named):
    """A `checkout.session`, only the fields that say who gives. They never change: a snapshot's may be used."""

    customer: Reference = None
    customer_email: str | None = None
    customer_details: CustomerDetails | None = None

    @property
    def email(self) -> str | None:
        """The address the payer gave."""
        return (self.customer_details.email if self.customer_details else None) or self.customer_email


class MadeBySession(Shape):
    """A `checkout.session`, only the fields that name the payment or subscription that it made."""

    payment_intent: Reference = None
    subscription: Reference = None


class CheckoutSession(PaidSession, MadeBySession):
    """A Stripe `checkout.session`."""

    mode: str
    status: str | None = None
    payment_status: str
    livemode: bool
    url: str | None = None
    amount_total: int | None = None
    currency: str | None = None
    invoice: Reference = None


class BalanceTransaction(Shape):
    """A Stripe `balance_transaction`: a change of the account's balance, signed, in the currency it settled in."""

    id: str
    amount: int
    currency: str
    created: int
    fee: int = 0


# We ask for it expanded, but an older or simpler server may answer the id only.
Settled = BalanceTransaction | str | None


class BillingDetails(Shape):
    """What the payer typed beside the card."""

    email: str | None = None
    name: Any = None


class PaidCharge(Shape):
    """A `charge`, only the fields that say of which payment it is."""

    id: str
    payment_intent: Reference = None


class Charge(PaidCharge):
    """A Stripe `charge`. `disputed`: it was disputed at some time; stays true when the dispute is won.

    `payment_method_details` is read by `methods.py`, which never fails: money must be booked however it was paid.
    """

    created: int = 0
    balance_transaction: Settled = None
    billing_details: BillingDetails | None = None
    payment_method_details: Any = None
    disputed: bool = False


class Payer(Named):
    """A `payment_intent`, only the fields that say who pays. They never change: a snapshot's may be used."""

    customer: Reference = None
    receipt_email: str | None = None


class LastPaymentFailure(Shape):
    """Why the last try to pay failed, in Stripe's own words: https://docs.stripe.com/declines/codes."""

    code: str | None = None
    decline_code: str | None = None


class PaymentIntent(Payer):
    """A Stripe `payment_intent`."""

    amount_received: int
    currency: str
    created: int
    livemode: bool
    status: str
    latest_charge: Charge | str | None = None
    last_payment_error: LastPaymentFailure | None = None


class OfPayment(Shape):
    """What a refund, dispute or fraud warning says of its payment: the payment itself, or only the charge."""

    charge: Reference = None
    payment_intent: Reference = None


class Refund(OfPayment, Named):
    """A Stripe `refund`."""

    amount: int
    currency: str
    created: int
    status: str | None = None
    balance_transaction: Settled = None
    failure_balance_transaction: Settled = None


class Dispute(OfPayment, Named):
    """A Stripe `dispute`. Only its balance transactions say whether money moved; its status does not."""

    amount: int
    currency: str
    status: str
    balance_transactions: list[BalanceTransaction | str] = Field(default_factory=list)


class FraudWarning(OfPayment):
    """A Stripe `radar.early_fraud_warning`. `actionable`: true until the charge is refunded or disputed."""

    id: str
    actionable: bool


class Customer(Shape):
    """A Stripe `customer`; a deleted one has only its id."""

    id: str
    email: str | None = None
