"""What a paid invoice pays for: the newest period among its lines, and the full price of that.

An invoice is seldom exactly one period at full price. It may also hold, each as a line of its own:

- what a change credited or charged for the rest of the period before (`proration`), below zero or above it,
- something sold beside the gift (an invoice item), which opens nothing,

and less may have been paid than its lines say: a coupon, tax on top, credit from the customer's balance. So the tier
follows from the gift's own lines, unit price x quantity, and never from what was paid; that is the ledger's.
"""

from collections.abc import Sequence
from decimal import Decimal

from chalicelib.domain.facts import PaidInvoice
from chalicelib.domain.movements import Period
from chalicelib.domain.rhythm import Rhythm, rhythm_of
from chalicelib.ports import Stripe, StripeRefused
from chalicelib.stripe_events.billing_shapes import (
    Invoice,
    InvoiceLine,
    LineDetails,
    Price,
    Recurring,
    Subscription,
    SubscriptionItem,
)

MONTHLY = Rhythm("month")
_DAY = 86_400
_IN_A_WEEK, _SHORTEST_MONTH = 7, 28  # days
# Days in a month, 365.25 / 12, as a fraction of integers.
_MONTH_DAYS = (487, 16)


def paid_invoice(invoice: Invoice, subscription: Subscription, stripe: Stripe) -> PaidInvoice | None:
    """What a paid invoice of this subscription pays for; None when it pays for no time at all."""
    lines = [line for line in _lines(invoice, stripe) if _pays_for_time(line, invoice, subscription.id)]
    if not lines:
        return None
    start = max(line.period.start for line in lines)
    end = min(line.period.end for line in lines if line.period.start == start)
    newest = [line for line in lines if (line.period.start, line.period.end) == (start, end)]
    prices = [_price_of(line, subscription, stripe) for line in newest]
    amount = sum(_amount(line, price) for line, price in zip(newest, prices, strict=True))
    amount += _of_unchanged_items(newest, subscription)
    rhythm = next((one for price in prices if (one := _rhythm(price))), None) or _guessed(newest[0], subscription)
    return PaidInvoice(invoice.id, Period(start, end), amount, rhythm)


def how_often(subscription: Subscription) -> tuple[int, Rhythm]:
    """What a subscription charges each time, and how often: of several items, the sum of those charged most often."""
    found = [(rhythm, of_item(item)) for item in subscription.items.data if (rhythm := _rhythm(item.price))]
    if not found:
        return sum(of_item(item) for item in subscription.items.data), MONTHLY
    often = max((rhythm for rhythm, _ in found), key=lambda rhythm: rhythm.yearly(_PRECISE))
    return sum(amount for rhythm, amount in found if rhythm == often), often


_PRECISE = 10**9  # an amount with which two rhythms that differ come to different sums


def of_item(item: SubscriptionItem) -> int:
    """What one item charges each time, in minor units."""
    return _times(item.price, item.quantity)


def _lines(invoice: Invoice, stripe: Stripe) -> Sequence[InvoiceLine]:
    """All lines: the ten that came along may be nothing but what else was sold."""
    if not invoice.lines.has_more:
        return invoice.lines.data
    return [InvoiceLine.model_validate(line) for line in stripe.lines_of_invoice(invoice.id)]


def _pays_for_time(line: InvoiceLine, invoice: Invoice, subscription: str) -> bool:
    """Whether a line is the gift's own, and pays. A free time at the start is one that the newsroom gave."""
    if not _is_own(line, subscription):
        return False
    if line.amount is None or line.amount > 0:
        return True
    return line.amount == 0 and invoice.billing_reason == "subscription_create"


def _is_own(line: InvoiceLine, subscription: str) -> bool:
    """An item of the subscription, or (`proration`) what a change of one cost for the rest of its period."""
    if line.parent is None:
        return True
    own, beside = line.parent.subscription_item_details, line.parent.invoice_item_details
    if own:
        return own.subscription in (None, subscription)
    return bool(beside and beside.proration and beside.subscription in (None, subscription))


def _details(line: InvoiceLine) -> LineDetails:
    parent = line.parent
    return (parent and (parent.subscription_item_details or parent.invoice_item_details)) or LineDetails()


def _price_of(line: InvoiceLine, subscription: Subscription, stripe: Stripe) -> Price | None:
    """The price that a line was made from; None where nothing names it. The item may have another one by now."""
    named = line.pricing.price_details.price if line.pricing and line.pricing.price_details else None
    items = subscription.items.data
    if named is None:
        of = _details(line).subscription_item
        found = next((item for item in items if item.id and item.id == of), items[0] if len(items) == 1 else None)
        return found.price if found else None
    known = next((item.price for item in items if item.price.id == named), None)
    if known:
        return known
    try:
        return Price.model_validate(stripe.price(named))
    except StripeRefused:
        return None  # the line itself says nearly as much


def _amount(line: InvoiceLine, price: Price | None) -> int:
    """Unit price x quantity, in minor units.

    A proration's own unit price may be that of a part of the period, and one that is free says zero: there, the
    price counts.
    """
    told = line.pricing.unit_amount_decimal if line.pricing else None
    if told is not None and line.amount != 0 and not _details(line).proration:
        return int(told * _quantity(line.quantity))
    if price and (price.unit_amount is not None or price.unit_amount_decimal is not None):
        return _times(price, line.quantity)
    if told is not None:
        return int(told * _quantity(line.quantity))
    return max(0, line.amount or 0)


def _times(price: Price, quantity: int | None) -> int:
    unit = price.unit_amount if price.unit_amount is not None else price.unit_amount_decimal
    return int(Decimal(unit or 0) * _quantity(quantity))


def _quantity(quantity: int | None) -> int:
    return 1 if quantity is None else quantity


def _of_unchanged_items(lines: Sequence[InvoiceLine], subscription: Subscription) -> int:
    """What else is charged where a change in the middle of a period names only the items that it changed."""
    if not all(_details(line).proration for line in lines):
        return 0
    named = {_details(line).subscription_item for line in lines}
    if None in named:
        return 0
    return sum(of_item(item) for item in subscription.items.data if item.id and item.id not in named)


def _rhythm(price: Price | None) -> Rhythm | None:
    recurring: Recurring | None = price.recurring if price else None
    found = rhythm_of(recurring.interval, recurring.interval_count) if recurring else None
    return found.normal() if found else None


def _guessed(line: InvoiceLine, subscription: Subscription) -> Rhythm:
    """How often a price is charged that we could not look up: as long as its line's period is."""
    days = (line.period.end - line.period.start) // _DAY
    if _details(line).proration or days <= 0:
        return how_often(subscription)[1]
    if days < _SHORTEST_MONTH:
        return (Rhythm("week", days // _IN_A_WEEK) if days % _IN_A_WEEK == 0 else Rhythm("day", days)).normal()
    month, part = _MONTH_DAYS
    return Rhythm("month", max(1, (2 * days * part + month) // (2 * month))).normal()
