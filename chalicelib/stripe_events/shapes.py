"""The fields of Stripe's objects that we read, in API version 2026-10-28.endive. Everything else is left alone.

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


class CheckoutSession(Named):
    """`checkout.session`."""

    mode: str
    status: str | None = None
    payment_status: str
    livemode: bool
    url: str | None = None
    expires_at: int = 0
    amount_total: int | None = None
    currency: str | None = None
    customer: Reference = None
    customer_email: str | None = None
    customer_details: CustomerDetails | None = None
    payment_intent: Reference = None
    subscription: Reference = None
    invoice: Reference = None

    @property
    def email(self) -> str | None:
        """The address the payer gave."""
        return (self.customer_details.email if self.customer_details else None) or self.customer_email


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


class Charge(Shape):
    """`charge`. `disputed`: at any time; it stays so when the dispute is won."""

    id: str
    payment_intent: Reference = None
    balance_transaction: Settled = None
    billing_details: BillingDetails | None = None
    disputed: bool = False


class Payer(Named):
    """A `payment_intent` as far as it says who pays; all of that may be taken from a snapshot."""

    customer: Reference = None
    receipt_email: str | None = None


class PaymentIntent(Payer):
    """`payment_intent`."""

    amount_received: int
    currency: str
    created: int
    livemode: bool
    status: str
    latest_charge: Charge | str | None = None


class Refund(Named):
    """`refund`. It names a payment, or only a charge where there was no PaymentIntent."""

    amount: int
    currency: str
    created: int
    status: str | None = None
    charge: Reference = None
    payment_intent: Reference = None
    balance_transaction: Settled = None
    failure_balance_transaction: Settled = None


class Dispute(Named):
    """`dispute`. Only its balance transactions say whether money moved; its status does not."""

    amount: int
    currency: str
    status: str
    charge: Reference = None
    payment_intent: Reference = None
    balance_transactions: list[BalanceTransaction | str] = Field(default_factory=list)


class Period(Shape):
    """A span that an invoice line pays for."""

    start: int
    end: int


class InvoiceLine(Shape):
    """A line of an invoice."""

    period: Period


class InvoiceLines(Shape):
    """The lines that came along with the invoice."""

    data: list[InvoiceLine] = Field(default_factory=list)


class SubscriptionDetails(Shape):
    """Whose invoice it is, with the subscription's metadata as they were then."""

    subscription: Reference = None
    metadata: dict[str, str] | None = None


class InvoiceParent(Shape):
    """`invoice.parent`; it replaced `invoice.subscription`."""

    subscription_details: SubscriptionDetails | None = None


class PaidBy(Shape):
    """What an invoice payment was made with."""

    type: str
    payment_intent: Reference = None


class InvoicePayment(Shape):
    """`invoice_payment`."""

    invoice: Reference = None
    amount_paid: int | None = None
    currency: str
    status: str
    payment: PaidBy


class InvoicePayments(Shape):
    """Only there when expanded, so never in a webhook."""

    data: list[InvoicePayment] = Field(default_factory=list)


class Invoice(Named):
    """`invoice`."""

    currency: str
    livemode: bool
    status: str | None = None
    amount_paid: int
    subtotal: int = 0
    billing_reason: str | None = None
    attempt_count: int = 0
    next_payment_attempt: int | None = None
    customer: Reference = None
    customer_email: str | None = None
    parent: InvoiceParent | None = None
    lines: InvoiceLines = InvoiceLines()
    payments: InvoicePayments | None = None

    @property
    def details(self) -> SubscriptionDetails:
        """The subscription part, empty for an invoice of something else."""
        return (self.parent.subscription_details if self.parent else None) or SubscriptionDetails()


class Recurring(Shape):
    """How often a price recurs."""

    interval: str
    interval_count: int = 1


class Price(Shape):
    """`price`, inline or not."""

    unit_amount: int | None = None
    recurring: Recurring | None = None


class SubscriptionItem(Shape):
    """What is subscribed to; the period stands here, no longer on the subscription."""

    price: Price
    quantity: int | None = None
    current_period_end: int | None = None


class SubscriptionItems(Shape):
    """The items that came along with the subscription."""

    data: list[SubscriptionItem] = Field(default_factory=list)


class CancellationDetails(Shape):
    """Why a subscription ends."""

    reason: str | None = None


class Subscription(Named):
    """`subscription`. `pause_collection` is how the API pauses one: its status stays as it is."""

    status: str
    currency: str
    customer: Reference
    start_date: int
    livemode: bool
    cancel_at: int | None = None
    cancel_at_period_end: bool = False
    canceled_at: int | None = None
    ended_at: int | None = None
    pause_collection: dict[str, Any] | None = None
    cancellation_details: CancellationDetails | None = None
    latest_invoice: Reference = None
    items: SubscriptionItems = SubscriptionItems()

    @property
    def ends_at(self) -> int | None:
        """When it ends or has ended. The portal sets `cancel_at` only, the API the flag as well: read both."""
        period_end = self.items.data[0].current_period_end if self.items.data else None
        return self.ended_at or self.cancel_at or (period_end if self.cancel_at_period_end else None)


class FraudWarning(Shape):
    """`radar.early_fraud_warning`. `actionable` until the charge is refunded or disputed."""

    id: str
    actionable: bool
    charge: Reference = None
    payment_intent: Reference = None


class Customer(Shape):
    """`customer`; a deleted one has nothing but its id."""

    id: str
    email: str | None = None
    deleted: bool = False
