"""The fields of Stripe's objects that we read, in API version 2026-10-28.endive. Everything else is left alone.

Payments, and what is given back of them; those of recurring gifts are in `billing_shapes.py`.

Fields that older shapes do not have are optional here: an event of another version must be parked with a reason, not
crash. Times are seconds since 1970, amounts minor units, as on Stripe's wire.
"""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _id_of(value: Any) -> Any:
    """An expandable field: the id, whether it came expanded or not."""
    return value.get("id") if isinstance(value, dict) else value


Reference = Annotated[str | None, BeforeValidator(_id_of)]
# Stripe may say `null` for no metadata at all: another product's sessions do.
Metadata = Annotated[dict[str, str], BeforeValidator(lambda value: {} if value is None else value)]


class Shape(BaseModel):
    """A part of a Stripe object."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Named(Shape):
    """Any object: enough to know what it is."""

    id: str
    object: str
    metadata: Metadata = Field(default_factory=dict)


class CustomerDetails(Shape):
    """What the payer typed at Checkout."""

    email: str | None = None


class PaidSession(Named):
    """A `checkout.session` as far as it says who gives; all of that may be taken from a snapshot."""

    customer: Reference = None
    customer_email: str | None = None
    customer_details: CustomerDetails | None = None

    @property
    def email(self) -> str | None:
        """The address the payer gave."""
        return (self.customer_details.email if self.customer_details else None) or self.customer_email


class MadeBySession(Shape):
    """What a `checkout.session` made."""

    payment_intent: Reference = None
    subscription: Reference = None


class CheckoutSession(PaidSession, MadeBySession):
    """`checkout.session`."""

    mode: str
    status: str | None = None
    payment_status: str
    livemode: bool
    url: str | None = None
    amount_total: int | None = None
    currency: str | None = None
    invoice: Reference = None


class BalanceTransaction(Shape):
    """`balance_transaction`: what a movement did to the account, signed, in the currency it settled in."""

    id: str
    amount: int
    currency: str
    created: int
    fee: int = 0


# Expandable where we ask for it; older or simpler servers may answer the id alone.
Settled = BalanceTransaction | str | None


class BillingDetails(Shape):
    """What the payer typed beside the card."""

    email: str | None = None


class PaidCharge(Shape):
    """A `charge` as far as it says of which payment it is."""

    id: str
    payment_intent: Reference = None


class Charge(PaidCharge):
    """`charge`. `disputed`: at any time; it stays so when the dispute is won."""

    balance_transaction: Settled = None
    billing_details: BillingDetails | None = None
    disputed: bool = False


class Payer(Named):
    """A `payment_intent` as far as it says who pays; all of that may be taken from a snapshot."""

    customer: Reference = None
    receipt_email: str | None = None


class LastPaymentFailure(Shape):
    """Why the last try to pay failed, in Stripe's own words: https://docs.stripe.com/declines/codes."""

    code: str | None = None
    decline_code: str | None = None


class PaymentIntent(Payer):
    """`payment_intent`."""

    amount_received: int
    currency: str
    created: int
    livemode: bool
    status: str
    latest_charge: Charge | str | None = None
    last_payment_error: LastPaymentFailure | None = None


class OfPayment(Shape):
    """A refund or a dispute, as far as it says of which payment: that, or only its charge."""

    charge: Reference = None
    payment_intent: Reference = None


class Refund(OfPayment, Named):
    """`refund`."""

    amount: int
    currency: str
    created: int
    status: str | None = None
    balance_transaction: Settled = None
    failure_balance_transaction: Settled = None


class Dispute(OfPayment, Named):
    """`dispute`. Only its balance transactions say whether money moved; its status does not."""

    amount: int
    currency: str
    status: str
    balance_transactions: list[BalanceTransaction | str] = Field(default_factory=list)


class FraudWarning(OfPayment):
    """`radar.early_fraud_warning`. `actionable` until the charge is refunded or disputed."""

    id: str
    actionable: bool


class Customer(Shape):
    """`customer`; a deleted one has nothing but its id."""

    id: str
    email: str | None = None
