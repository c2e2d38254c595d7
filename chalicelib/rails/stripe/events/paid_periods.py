"""Which period a paid invoice pays for: the newest one among its lines, and that period's full price.

An invoice is seldom exactly one period at full price. It may also hold, each as a line of its own:

- what a change credited or charged for the rest of the period before (`proration`), below zero or above it,
- something sold beside the gift (an invoice item), which opens nothing,

and the sum that was paid may differ from its lines: a coupon, tax on top, credit from the customer's balance. So the
tier follows from the gift's own lines, unit price x quantity, and never from the sum that was paid; the ledger books
that.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from chalicelib.booking.rules.facts import PaidInvoice
from chalicelib.kernel.rhythm import Rhythm, rhythm_of, rhythm_of_length
from chalicelib.ledger.rules.movements import Period
from chalicelib.rails.stripe.events.billing_shapes import (
    Invoice,
    InvoiceLine,
    LineDetails,
    Price,
    Recurring,
    Subscription,
    SubscriptionItem,
)
from chalicelib.rails.stripe.port import Stripe, StripeRefused

MONTHLY = Rhythm("month")


def paid_invoice(invoice: Invoice, subscription: Subscription, stripe: Stripe) -> PaidInvoice | None:
    """What a paid invoice of this subscription pays for; None when it pays for no period at all."""
    own = _own_lines(invoice, subscription.id, stripe)
    lines = [line for line in own if line.amount is None or line.amount > 0]
    free = not lines
    lines = lines or [line for line in own if line.amount == 0]
    if not lines:
        return None
    start = max(line.period.start for line in lines)
    end = min(line.period.end for line in lines if line.period.start == start)
    of_period = [line for line in own if (line.period.start, line.period.end) == (start, end)]
    charged, back = [line for line in of_period if line in lines], [line for line in of_period if _back(line)]
    newest = _left_standing(charged, back)
    priced = _Prices(subscription, stripe)
    amount = sum(priced.amount(line) for line in newest) + _of_unchanged_items(newest, invoice, priced)
    rhythm = next((one for line in newest if (one := priced.rhythm(line))), None)
    return PaidInvoice(invoice.id, Period(start, end), amount, rhythm or _guessed(newest[0], subscription), free)


def _back(line: InvoiceLine) -> bool:
    """Whether a line gives something back."""
    return line.amount is not None and line.amount < 0


def _left_standing(lines: Sequence[InvoiceLine], back: Sequence[InvoiceLine]) -> list[InvoiceLine]:
    """The lines of a period without those that a credit of the same item takes back.

    Two changes at one moment leave three lines on one invoice: the first price, the same sum below zero, the second.
    """
    standing = list(lines)
    for credit in back:
        of = _details(credit).subscription_item
        taken = [line for line in standing if _details(line).subscription_item == of]
        if len(taken) > 1:  # the credit of what was paid before has no line to take back
            standing.remove(min(taken, key=lambda line: abs((line.amount or 0) + (credit.amount or 0))))
    return standing


def how_often(subscription: Subscription) -> tuple[int, Rhythm]:
    """A subscription's amount and rhythm. Of several items, the sum (minor units) of those charged most often."""
    found = [(rhythm, of_item(item)) for item in subscription.items.data if (rhythm := _rhythm(item.price))]
    if not found:
        return sum(of_item(item) for item in subscription.items.data), MONTHLY
    often = max((rhythm for rhythm, _ in found), key=lambda rhythm: rhythm.yearly(_PRECISE))
    return sum(amount for rhythm, amount in found if rhythm == often), often


_PRECISE = 10**9  # large enough that different rhythms give different yearly sums of it


def of_item(item: SubscriptionItem) -> int:
    """What one item charges each time, in minor units."""
    return _times(item.price, item.quantity)


def _own_lines(invoice: Invoice, subscription: str, stripe: Stripe) -> list[InvoiceLine]:
    """The gift's own lines, of all lines: the ten that came with the invoice may all be of other things sold."""
    lines: Sequence[InvoiceLine] = invoice.lines.data
    if invoice.lines.has_more:
        lines = [InvoiceLine.model_validate(line) for line in stripe.lines_of_invoice(invoice.id)]
    return [line for line in lines if _is_own(line, subscription)]


def _is_own(line: InvoiceLine, subscription: str) -> bool:
    """Whether a line is of the subscription's items, or (`proration`) of a change of one within its period."""
    if line.parent is None:
        return True
    own, beside = line.parent.subscription_item_details, line.parent.invoice_item_details
    if own:
        return own.subscription in (None, subscription)
    return bool(beside and beside.proration and beside.subscription in (None, subscription))


def _details(line: InvoiceLine) -> LineDetails:
    parent = line.parent
    return (parent and (parent.subscription_item_details or parent.invoice_item_details)) or LineDetails()


@dataclass(frozen=True)
class _Prices:
    """The prices that the lines of a subscription's invoices were computed from, each fetched at most once."""

    subscription: Subscription
    stripe: Stripe
    fetched: dict[str, Price | None] = field(default_factory=dict)

    def amount(self, line: InvoiceLine) -> int:
        """Unit price x quantity, in minor units.

        The unit price on a proration may be for a part of the period, and on a free line it is zero: for those, the
        price object counts.
        """
        told = line.pricing.unit_amount_decimal if line.pricing else None
        if told is not None and line.amount != 0 and not _details(line).proration:
            return int(told * _quantity(line.quantity))
        price = self._of(line)
        if price and (price.unit_amount is not None or price.unit_amount_decimal is not None):
            return _times(price, line.quantity)
        if told is not None:
            return int(told * _quantity(line.quantity))
        return max(0, line.amount or 0)

    def rhythm(self, line: InvoiceLine) -> Rhythm | None:
        """How often a line's price is charged; None where nothing says so."""
        return _rhythm(self._of(line))

    def _of(self, line: InvoiceLine) -> Price | None:
        """The price that a line names, as its item may have another one by now; None where no price is found.

        :raises StripeRefused: the key may not read prices. The event is tried again, as a tier once booked stays.
        """
        named = line.pricing.price_details.price if line.pricing and line.pricing.price_details else None
        items = self.subscription.items.data
        if named is None:
            of = _details(line).subscription_item
            item = next((item for item in items if item.id and item.id == of), items[0] if len(items) == 1 else None)
            return item.price if item else None
        known = next((item.price for item in items if item.price.id == named), None)
        if known is None and named not in self.fetched:
            self.fetched[named] = self._fetch(named)
        return known or self.fetched[named]

    def _fetch(self, name: str) -> Price | None:
        try:
            return Price.model_validate(self.stripe.price(name))
        except StripeRefused as refused:
            if refused.missing:
                return None  # the line's own amounts are used instead
            raise


def _times(price: Price, quantity: int | None) -> int:
    unit = price.unit_amount if price.unit_amount is not None else price.unit_amount_decimal
    return int(Decimal(unit or 0) * _quantity(quantity))


def _quantity(quantity: int | None) -> int:
    return 1 if quantity is None else quantity


def _of_unchanged_items(lines: Sequence[InvoiceLine], invoice: Invoice, priced: _Prices) -> int:
    """The amount (minor units) of items that a change within a period left unchanged, as its lines do not name them.

    Taken from the invoices before this one: an item's price now may have been set later.
    """
    subscription = priced.subscription
    named = {_details(line).subscription_item for line in lines}
    if None in named or not all(_details(line).proration for line in lines):
        return 0
    others = {item.id for item in subscription.items.data if item.id and item.created <= invoice.created} - named
    if not others:
        return 0
    costs: dict[str | None, int] = {}
    found = [Invoice.model_validate(one) for one in priced.stripe.invoices_of_subscription(subscription.id)]
    for before in sorted(found, key=lambda one: (one.created, one.id)):
        if before.status != "paid" or before.id == invoice.id or before.created > invoice.created:
            continue
        for line in _own_lines(before, subscription.id, priced.stripe):
            if line.amount is None or line.amount > 0:
                costs[_details(line).subscription_item] = priced.amount(line)
    return sum(costs.get(item, 0) for item in others)


def _rhythm(price: Price | None) -> Rhythm | None:
    recurring: Recurring | None = price.recurring if price else None
    found = rhythm_of(recurring.interval, recurring.interval_count) if recurring else None
    return found.normal() if found else None


def _guessed(line: InvoiceLine, subscription: Subscription) -> Rhythm:
    """The rhythm of a price that could not be looked up, guessed from the length of its line's period."""
    length = 0 if _details(line).proration else line.period.end - line.period.start
    return rhythm_of_length(length) or how_often(subscription)[1]
