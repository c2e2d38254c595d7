"""What a paid invoice pays for, by its own lines: which period, how much of a gift, and how often."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.booking.rules.facts import PaidInvoice
from chalicelib.kernel.rhythm import Rhythm
from chalicelib.ledger.rules.movements import Period
from chalicelib.rails.stripe.events.billing_shapes import Invoice, Subscription
from chalicelib.rails.stripe.events.paid_periods import how_often, paid_invoice
from chalicelib.rails.stripe.port import Answer, StripeRefused
from testkit.stripe_calls import UnexpectedStripe

Json = dict[str, Any]
START = 1_790_000_000
DAY = 86_400
MONTH = (START, START + 30 * DAY)
RAISED = (START + 10 * DAY, START + 30 * DAY)


@dataclass
class Shelf(UnexpectedStripe):
    """A Stripe that has prices, the lines of one long invoice, and the invoices before; what is asked is noted."""

    prices: dict[str, Json] = field(default_factory=dict)
    lines: list[Json] = field(default_factory=list)
    invoices: list[Json] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def price(self, price_id: str) -> Answer:
        self.asked.append(price_id)
        if price_id == "price_secret":
            raise StripeRefused("permission_denied")
        if price_id not in self.prices:
            raise StripeRefused("resource_missing", missing=True)
        return self.prices[price_id]

    def lines_of_invoice(self, invoice_id: str) -> Sequence[Answer]:
        self.asked.append(invoice_id)
        return self.lines

    def invoices_of_subscription(self, subscription: str) -> Sequence[Answer]:
        self.asked.append(subscription)
        return self.invoices


def price(name: str, amount: int | None, interval: str | None = "month", **more: Any) -> Json:
    return {"id": name, "unit_amount": amount, "recurring": interval and {"interval": interval}, **more}


def item(name: str, of: Json, quantity: int | None = 1, created: int = 0) -> Json:
    return {"id": name, "price": of, "quantity": quantity, "created": created}


def line(
    amount: int | None,
    *,
    of: str | None = "si_1",
    named: str | None = "price_1",
    unit: str | None = None,
    quantity: int | None = 1,
    proration: bool = False,
    period: tuple[int, int] = MONTH,
) -> Json:
    """A line of the subscription `sub_1`."""
    details = {"subscription": "sub_1", "subscription_item": of, "proration": proration}
    return {
        "amount": amount,
        "quantity": quantity,
        "period": {"start": period[0], "end": period[1]},
        "parent": {"subscription_item_details": details},
        "pricing": {"unit_amount_decimal": unit, "price_details": {"price": named}},
    }


def beside(amount: int, **details: Any) -> Json:
    """A line of an invoice item, at twice the period."""
    parent = {"invoice_item_details": {"subscription": "sub_1", **details}}
    return {**line(amount, period=(START + 5 * DAY, START + 6 * DAY)), "parent": parent}


def invoice(*lines: Json, name: str = "in_1", created: int = START, **more: Any) -> Json:
    return {
        "id": name,
        "object": "invoice",
        "currency": "eur",
        "livemode": False,
        "created": created,
        "status": "paid",
        "amount_paid": 1,
        "lines": {"data": list(lines)},
        **more,
    }


def subscription(*items: Json) -> Subscription:
    fields = {"currency": "eur", "start_date": START, "livemode": False, "status": "active"}
    return Subscription.model_validate({"id": "sub_1", "object": "subscription", "items": {"data": items}, **fields})


ONE = item("si_1", price("price_1", 500))


def pays_for(told: Json, *items: Json, stripe: Shelf | None = None) -> PaidInvoice | None:
    return paid_invoice(Invoice.model_validate(told), subscription(*items), stripe or Shelf())


def amount(told: Json, *items: Json, stripe: Shelf | None = None) -> int | None:
    found = pays_for(told, *items, stripe=stripe)
    return found.amount if found else None


def test_a_month_at_its_price() -> None:
    assert pays_for(invoice(line(500, unit="500")), ONE) == PaidInvoice("in_1", Period(*MONTH), 500, Rhythm("month"))
    assert pays_for(invoice(), ONE) is None


@pytest.mark.parametrize(
    ("unit", "quantity", "whole"),
    [("500", 1, 500), ("500", None, 500), ("250", 2, 500), ("0.5", 1000, 500), ("166.6", 3, 499), ("300", 0, 0)],
)
def test_the_unit_price_counts_as_often_as_it_was_bought(unit: str, quantity: int | None, whole: int) -> None:
    assert amount(invoice(line(500, unit=unit, quantity=quantity)), ONE) == whole


@pytest.mark.parametrize(
    "of",
    [
        price("price_1", 700),
        price("price_1", None, unit_amount_decimal="700"),
        price("price_1", 700, unit_amount_decimal="699.5"),
    ],
)
def test_on_a_proration_or_without_charge_the_price_itself_counts(of: Json) -> None:
    """A proration's unit price may be for a part of the period, and that of a free line is zero."""
    assert amount(invoice(line(300, unit="300", proration=True)), item("si_1", of, 2)) == 700
    assert amount(invoice(line(0, unit="0", quantity=2)), item("si_1", of, 2)) == 1400


def test_where_the_price_says_nothing_the_line_does() -> None:
    told = line(300, unit="150", quantity=2, proration=True)
    assert amount(invoice(told), item("si_1", price("price_1", None), 1)) == 300
    assert amount(invoice(line(300, named="price_gone", quantity=2)), ONE) == 300
    free = invoice(line(0, named="price_gone"))
    assert amount(free, ONE) == 0
    found = pays_for(free, ONE)
    assert found
    assert found.free


def test_a_price_that_no_item_has_is_fetched_once() -> None:
    stripe = Shelf(prices={"price_old": price("price_old", 400, "year")})
    told = invoice(line(300, named="price_old", proration=True), line(100, named="price_old", proration=True))
    found = pays_for(told, ONE, stripe=stripe)
    assert found
    assert (found.amount, found.rhythm) == (800, Rhythm("year"))
    assert stripe.asked == ["price_old"]
    stripe = Shelf(prices=stripe.prices)
    assert amount(invoice(line(500, proration=True)), ONE, stripe=stripe) == 500
    assert stripe.asked == [], "an item has it"


def test_a_price_that_the_key_may_not_read_is_no_price_that_is_gone() -> None:
    """The event is tried again: a tier once booked stays."""
    with pytest.raises(StripeRefused, match="permission_denied"):
        pays_for(invoice(line(300, named="price_secret")), ONE)


@pytest.mark.parametrize(
    ("of", "items", "whole"),
    [
        ("si_2", [ONE, item("si_2", price("price_2", 800))], 800),
        ("si_gone", [ONE], 500),
        (None, [ONE], 500),
        ("si_gone", [ONE, item("si_2", price("price_2", 800))], 300),
        ("si_gone", [], 300),
    ],
)
def test_a_line_without_price_has_its_items_or_the_only_ones(of: str | None, items: list[Json], whole: int) -> None:
    assert amount(invoice(line(300, of=of, named=None)), *items) == whole


def test_what_is_sold_beside_the_gift_pays_for_no_period() -> None:
    month = line(500, unit="500")
    for other in (beside(900), beside(900, proration=True, subscription="sub_2")):
        assert pays_for(invoice(month, other), ONE) == pays_for(invoice(month), ONE)
    others = line(900, unit="900", period=RAISED)
    others["parent"]["subscription_item_details"]["subscription"] = "sub_2"
    assert pays_for(invoice(month, others), ONE) == pays_for(invoice(month), ONE)
    changed = pays_for(invoice(month, beside(900, proration=True)), ONE)
    assert changed
    assert changed.period == Period(START + 5 * DAY, START + 6 * DAY)
    unnamed = {**line(500, unit="500"), "parent": None}
    assert amount(invoice(unnamed), ONE) == 500


def test_of_a_long_invoice_all_lines_are_read() -> None:
    told = invoice(beside(900))
    told["lines"]["has_more"] = True
    stripe = Shelf(lines=[beside(900), line(500, unit="500")])
    assert amount(told, ONE, stripe=stripe) == 500
    assert stripe.asked == ["in_1"]
    told["lines"]["has_more"] = False
    assert amount(told, ONE, stripe=Shelf(lines=stripe.lines)) is None


TWO = [ONE, item("si_2", price("price_2", 800))]


def test_a_change_of_one_item_leaves_the_others_at_what_they_last_cost() -> None:
    """The change's invoice names the changed item only; what the other costs stands on the invoices before it."""
    change = invoice(line(300, proration=True, period=RAISED), name="in_3", created=START + 10 * DAY)
    first = invoice(line(500, unit="500"), line(600, of="si_2", named="price_2", unit="600"), name="in_1")
    later = invoice(line(650, of="si_2", named="price_2", unit="650"), name="in_2", created=START + DAY)
    unpaid = {**later, "id": "in_x", "status": "open", "created": START + 2 * DAY}
    after = {**later, "id": "in_4", "created": START + 11 * DAY}
    for one, unit in ((unpaid, "1000"), (after, "2000")):
        one["lines"] = {"data": [line(700, of="si_2", named="price_2", unit=unit)]}
    stripe = Shelf(invoices=[after, unpaid, change, later, first])
    assert amount(change, *TWO, stripe=stripe) == 500 + 650
    assert stripe.asked == ["sub_1"]


def test_an_item_that_came_later_was_not_there_to_be_unchanged() -> None:
    change = invoice(line(300, proration=True))
    assert amount(change, ONE, item("si_2", price("price_2", 800), created=START + 1)) == 500
    at_once = invoice(line(800, of="si_2", named="price_2", unit="800"), name="in_0", created=START - 1)
    stripe = Shelf(invoices=[at_once])
    assert amount(change, ONE, item("si_2", price("price_2", 800), created=START), stripe=stripe) == 1300


def test_a_whole_month_names_every_item_itself() -> None:
    """Nobody asks for earlier invoices: `Shelf` has none, and is not asked."""
    stripe = Shelf()
    assert amount(invoice(line(500, unit="500")), *TWO, stripe=stripe) == 500
    assert stripe.asked == []


@pytest.mark.parametrize(
    ("told", "rhythm"),
    [
        (line(300, named="price_gone", period=(START, START + 365 * DAY)), Rhythm("year")),
        (line(300, named="price_gone", period=(START, START + DAY)), Rhythm("day")),
        (line(300, named="price_gone", period=(START, START + 7 * DAY), proration=True), Rhythm("year", 2)),
        (line(300, named="price_gone", period=(START, START)), Rhythm("year", 2)),
    ],
)
def test_a_rhythm_that_no_price_says_is_guessed_from_the_period_or_the_gift(told: Json, rhythm: Rhythm) -> None:
    yearly = price("price_1", 500)
    yearly["recurring"] = {"interval": "year", "interval_count": 2}
    found = pays_for(invoice(told), item("si_1", yearly))
    assert found
    assert found.rhythm == rhythm


@pytest.mark.parametrize(
    ("items", "amount", "rhythm"),
    [
        ([ONE], 500, Rhythm("month")),
        ([item("si_1", price("price_1", 250), 2), item("si_2", price("price_2", 100), None)], 600, Rhythm("month")),
        ([ONE, item("si_2", price("price_2", 9000, "year"))], 500, Rhythm("month")),
        ([item("si_1", price("price_1", 500, None))], 500, Rhythm("month")),
        ([item("si_1", price("price_1", None, unit_amount_decimal="33.4"), 3)], 100, Rhythm("month")),
        ([item("si_1", price("price_1", 0, unit_amount_decimal="33.4"), 3)], 0, Rhythm("month")),
    ],
)
def test_what_a_gift_is_now_is_what_is_charged_most_often(items: list[Json], amount: int, rhythm: Rhythm) -> None:
    assert how_often(subscription(*items)) == (amount, rhythm)


def test_stripes_decimals_are_read_from_text_and_from_the_packages_own() -> None:
    told = line(500, unit="250", quantity=2)
    assert amount(invoice(told), ONE) == 500
    told["pricing"]["unit_amount_decimal"] = Decimal(250)
    assert amount(invoice(told), ONE) == 500


def test_the_next_payment_is_that_of_the_item_whose_period_ends_first() -> None:
    ends = [{**item(f"si_{at}", price("price_1", 500)), "current_period_end": at} for at in (None, START + 9, START)]
    assert subscription(*ends).period_end == START
    assert subscription(ONE).period_end is None
