"""The fields of Stripe's subscriptions and invoices that we read; see `shapes.py`."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field, PlainValidator

from chalicelib.rails.stripe.events.shapes import Metadata, Named, Reference, Shape
from chalicelib.supporters.rules.access import SubscriptionStatus


class StripePeriod(Shape):
    """A span that an invoice line pays for."""

    start: int
    end: int


class LineDetails(Shape):
    """Where an invoice line comes from: an item of a subscription, or an invoice item on its invoice."""

    subscription: Reference = None
    subscription_item: Reference = None
    proration: bool = False


class LineParent(Shape):
    """The source of an invoice line (`line_item.parent`); one of the two is set."""

    subscription_item_details: LineDetails | None = None
    invoice_item_details: LineDetails | None = None


class PriceDetails(Shape):
    """The price that a line was computed from."""

    price: Reference = None


class LinePricing(Shape):
    """The unit price of an invoice line (`line_item.pricing`).

    The SDK turns `unit_amount_decimal` into a Decimal; in a webhook it is text.
    """

    unit_amount_decimal: Decimal | None = None
    price_details: PriceDetails | None = None


class InvoiceLine(Shape):
    """A line of an invoice. `amount` is before discounts and exclusive taxes; below zero it credits unused time."""

    period: StripePeriod
    amount: int | None = None
    quantity: int | None = None
    parent: LineParent | None = None
    pricing: LinePricing | None = None


class InvoiceLines(Shape):
    """The lines that came along with the invoice; Stripe sends the first ten."""

    data: list[InvoiceLine] = Field(default_factory=list)
    has_more: bool = False


class SubscriptionDetails(Shape):
    """The subscription that an invoice is of, with that subscription's metadata as they were then."""

    subscription: Reference = None
    metadata: Metadata = Field(default_factory=dict)


class InvoiceParent(Shape):
    """What an invoice is for (`invoice.parent`); it replaced `invoice.subscription`."""

    subscription_details: SubscriptionDetails | None = None


class PaidBy(Shape):
    """What an invoice payment was made with."""

    type: str
    payment_intent: Reference = None


class LinkedInvoice(Shape):
    """An `invoice_payment`, only the field that says of which invoice it is."""

    invoice: Reference = None


class InvoicePayment(LinkedInvoice):
    """A Stripe `invoice_payment`: a payment, or a part of one, for an invoice."""

    amount_paid: int | None = None
    currency: str
    status: str
    payment: PaidBy


class InvoicePayments(Shape):
    """`invoice.payments`: only there when expanded, so never in a webhook."""

    data: list[InvoicePayment] = Field(default_factory=list)


class BilledInvoice(Named):
    """An `invoice`, only the fields that say whose it is. They never change, so they may be read from a snapshot."""

    customer: Reference = None
    customer_email: str | None = None
    parent: InvoiceParent | None = None

    @property
    def details(self) -> SubscriptionDetails:
        """The subscription that is billed; its fields are empty for an invoice of something else."""
        return (self.parent.subscription_details if self.parent else None) or SubscriptionDetails()


class Invoice(BilledInvoice):
    """A Stripe `invoice`. `auto_advance`: Stripe goes on collecting it by itself.

    `amount_paid_off_stripe`: how much of `amount_paid` came outside Stripe; only there when asked for.
    """

    currency: str
    livemode: bool
    created: int = 0
    status: str | None = None
    amount_paid: int
    amount_paid_off_stripe: int | None = None
    amount_due: int = 0
    billing_reason: str | None = None
    attempt_count: int = 0
    auto_advance: bool | None = None
    next_payment_attempt: int | None = None
    hosted_invoice_url: str | None = None
    lines: InvoiceLines = InvoiceLines()
    payments: InvoicePayments | None = None


class Recurring(Shape):
    """How often a price recurs."""

    interval: str
    interval_count: int = 1


class Price(Shape):
    """A Stripe `price`, inline or not.

    `unit_amount` None: it has fractions of a minor unit, or depends on the quantity.
    """

    id: str | None = None
    unit_amount: int | None = None
    unit_amount_decimal: Decimal | None = None
    recurring: Recurring | None = None
    product: Reference = None


class SubscriptionItem(Shape):
    """A Stripe `subscription_item`. The current period stands here, no longer on the subscription."""

    id: str | None = None
    price: Price
    quantity: int | None = None
    created: int = 0
    current_period_start: int | None = None
    current_period_end: int | None = None


class SubscriptionItems(Shape):
    """The items that came along with the subscription."""

    data: list[SubscriptionItem] = Field(default_factory=list)


class CancellationDetails(Shape):
    """Why a subscription ends."""

    reason: str | None = None


class CardDetails(Shape):
    """What a card is recognised by, and when it expires (`payment_method.card`, or an older `card` source)."""

    brand: str
    last4: str
    exp_month: int
    exp_year: int


class PaymentMethod(Shape):
    """A Stripe `payment_method`, only what we keep of it; `card` is there when it is one."""

    id: str
    type: str = ""
    card: CardDetails | None = None


# Expanded where we ask for it; the id where we could not.
Method = Annotated[PaymentMethod | str | None, Field(union_mode="left_to_right")]


class InvoiceSettings(Shape):
    """What a customer's invoices are paid with where a subscription has no method of its own."""

    default_payment_method: Method = None


class PayingCustomer(Shape):
    """A `customer`, only what its subscriptions are paid with. A deleted one has none."""

    id: str
    invoice_settings: InvoiceSettings | None = None


class OwnSubscription(Named):
    """A `subscription`, only the fields that say whose it is. They never change: they may be read from a snapshot."""

    customer: Reference = None


def _any_word(status: object) -> object:
    """Accept any text as a status, also one that Stripe adds later: such an event must still be applied."""
    if not isinstance(status, str):
        raise ValueError("no word")  # noqa: TRY004 - pydantic turns a ValueError into a ValidationError
    return status


class Subscription(OwnSubscription):
    """A Stripe `subscription`. If the API pauses one, it sets `pause_collection`, and the status stays as it is.

    `pending_update`: a change that waits for its payment.
    """

    status: Annotated[SubscriptionStatus, PlainValidator(_any_word)]
    currency: str
    start_date: int
    livemode: bool
    cancel_at: int | None = None
    cancel_at_period_end: bool = False
    canceled_at: int | None = None
    ended_at: int | None = None
    pause_collection: dict[str, Any] | None = None
    collection_method: str = "charge_automatically"
    cancellation_details: CancellationDetails | None = None
    latest_invoice: Reference = None
    default_payment_method: Method = None
    default_source: Reference = None
    paying: PayingCustomer | str | None = Field(default=None, validation_alias="customer")
    billing_cycle_anchor: int = 0
    pending_update: dict[str, Any] | None = None
    items: SubscriptionItems = SubscriptionItems()

    @property
    def charged(self) -> PaymentMethod | str | None:
        """What its next payment is charged to, in Stripe's order; only the id where the answer was not expanded.

        Its own method, its own older source (which we do not read), the customer's method.
        https://docs.stripe.com/api/subscriptions/object#subscription_object-default_payment_method
        """
        if self.default_payment_method is not None or self.default_source is not None:
            return self.default_payment_method
        if isinstance(self.paying, PayingCustomer):
            settings = self.paying.invoice_settings
            return settings.default_payment_method if settings else None
        return self.paying

    @property
    def period_end(self) -> int | None:
        """When the current period ends, which is the next payment (seconds). Of several items, the first to end."""
        return min((item.current_period_end for item in self.items.data if item.current_period_end), default=None)

    @property
    def collects_again_at(self) -> int | None:
        """When its collection, paused now, goes on by itself (seconds); None where it does not, or is not paused."""
        at: int | None = (self.pause_collection or {}).get("resumes_at")
        return at

    @property
    def ends_at(self) -> int | None:
        """When it ends or ended (seconds). The portal sets `cancel_at` only, the API also the flag: both are read."""
        return self.ended_at or self.cancel_at or (self.period_end if self.cancel_at_period_end else None)
