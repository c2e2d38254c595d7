"""Invoices that are not one period at full price: coupons, tax, something beside the gift, credit."""

from typing import Any

import pytest
import requests
import stripe

from testkit.stand_in import StandIn
from tests.stand_in.gifts import all_is_told, amounts, change, invoice, start, subscription, third


def _coupon(stand_in: StandIn, gift: str, **given: Any) -> str:
    params: Any = given
    made = stand_in.client.coupons.create(params)
    stand_in.client.subscriptions.update(gift, {"discounts": [{"coupon": made.id}]})
    return made.id


@pytest.mark.parametrize(
    ("percent", "total", "paid", "owed"), [(50, 250, 250, 0), (100, 0, 0, 0), (99, 5, 0, 5), (12.5, 437, 437, 0)]
)
def test_a_coupon_for_once_takes_something_off_one_invoice(
    fresh: StandIn, percent: float, total: int, paid: int, owed: int
) -> None:
    gift = start(fresh, 500)["subscription"]
    coupon = _coupon(fresh, gift, percent_off=percent, duration="once")
    assert len(subscription(fresh, gift)["discounts"]) == 1
    fresh.advance(31)
    bill = invoice(fresh, gift)
    assert (amounts(bill), bill["subtotal"], bill["total"]) == ([500], 500, total)
    assert (bill["amount_paid"], bill["ending_balance"], bill["status"]) == (paid, owed, "paid")
    assert bill["lines"]["data"][0]["discount_amounts"] == [{"amount": 500 - total, "discount": bill["discounts"][0]}]
    assert subscription(fresh, gift)["discounts"] == []
    assert fresh.client.coupons.retrieve(coupon).times_redeemed == 1
    fresh.advance(31)
    assert invoice(fresh, gift)["amount_paid"] == 500 + owed
    told = fresh.receiver.of("customer.discount.created")
    assert (told["subscription"], told["source"]["coupon"]) == (gift, coupon)


def test_coupons_last_as_long_as_they_say(fresh: StandIn) -> None:
    for_ever, two_months = start(fresh, 1000)["subscription"], start(fresh, 1000)["subscription"]
    _coupon(fresh, for_ever, amount_off=300, currency="eur", duration="forever")
    _coupon(fresh, two_months, percent_off=10, duration="repeating", duration_in_months=2)
    seen = []
    for _ in range(3):
        fresh.advance(31)
        seen.append((invoice(fresh, for_ever)["amount_paid"], invoice(fresh, two_months)["amount_paid"]))
    assert seen == [(700, 900), (700, 900), (700, 1000)]
    fresh.client.subscriptions.update(for_ever, {"discounts": ""})
    fresh.advance(31)
    assert invoice(fresh, for_ever)["amount_paid"] == 1000


def test_a_credit_gives_back_what_was_paid_under_a_coupon(fresh: StandIn) -> None:
    gift = start(fresh, 1000)["subscription"]
    _coupon(fresh, gift, percent_off=50, duration="forever")
    fresh.advance(31)
    change(fresh, gift, 2000, proration_behavior="always_invoice", proration_date=third(fresh, gift))
    bill = invoice(fresh, gift)
    assert (amounts(bill), bill["total"]) == ([-167, 333], 166)
    assert {one["amount"] for line in bill["lines"]["data"] for one in line["discount_amounts"]} == {0}


def test_twelve_and_tax_on_top(fresh: StandIn) -> None:
    gift = start(fresh, 1200)["subscription"]
    rate = fresh.client.tax_rates.create({"display_name": "ÁFA", "inclusive": False, "percentage": 27})
    fresh.client.subscriptions.update(gift, {"default_tax_rates": [rate.id]})
    fresh.advance(31)
    bill = invoice(fresh, gift)
    assert (bill["subtotal"], bill["total"], bill["amount_paid"]) == (1200, 1524, 1524)
    assert (bill["total_excluding_tax"], bill["total_taxes"][0]["amount"]) == (1200, 324)
    line = bill["lines"]["data"][0]
    assert (line["amount"], line["taxes"][0]["tax_behavior"]) == (1200, "exclusive")
    assert bill["default_tax_rates"][0]["percentage"] == 27
    change(fresh, gift, 600, proration_behavior="always_invoice", proration_date=third(fresh, gift))
    down = invoice(fresh, gift)
    assert (amounts(down), down["total"]) == ([-400, 200], -254)
    inside = fresh.client.tax_rates.create({"display_name": "ÁFA", "inclusive": True, "percentage": 27})
    fresh.client.subscriptions.update(gift, {"default_tax_rates": [inside.id]})
    fresh.advance(31)
    assert (invoice(fresh, gift)["total"], invoice(fresh, gift)["total_excluding_tax"]) == (600, 472)


def test_a_book_stands_on_the_same_invoice(fresh: StandIn) -> None:
    paid = start(fresh, 500)
    gift = paid["subscription"]
    book: Any = {"customer": paid["customer"], "subscription": gift, "amount": 2000, "currency": "eur"}
    made = fresh.client.invoice_items.create(book)
    pending = fresh.client.invoice_items.list({"pending": True, "customer": paid["customer"]})
    assert [one.id for one in pending.data] == [made.id]
    fresh.advance(31)
    bill = invoice(fresh, gift)
    assert (amounts(bill), bill["amount_paid"]) == ([2000, 500], 2500)
    about = bill["lines"]["data"][0]["parent"]
    assert (about["type"], about["invoice_item_details"]["subscription"]) == ("invoice_item_details", gift)
    assert fresh.client.invoice_items.retrieve(made.id).invoice == bill["id"]
    with pytest.raises(stripe.InvalidRequestError):
        fresh.client.invoice_items.delete(made.id)
    fresh.advance(31)
    assert amounts(invoice(fresh, gift)) == [500]


def test_odd_shares_of_whole_units_are_whole(fresh: StandIn) -> None:
    """A third of a month in ISK, 12.5 % of it, 24 % tax: what is charged is a multiple of 100."""
    gift = start(fresh, 100_000, currency="isk")["subscription"]
    change(fresh, gift, 200_000, proration_behavior="always_invoice", proration_date=third(fresh, gift))
    assert amounts(invoice(fresh, gift)) == [-33_400, 66_600]
    fresh.control(f"subscriptions/{gift}/coupon", percent_off=12.5)
    fresh.control(f"subscriptions/{gift}/tax", percentage=24)
    change(fresh, gift, 100_300, proration_behavior="none")
    fresh.advance(31)
    bill = invoice(fresh, gift)
    assert (bill["total_discount_amounts"][0]["amount"], bill["total_taxes"][0]["amount"]) == (12_500, 21_100)
    assert bill["amount_paid"] % 100 == 0


def test_what_still_waits_can_be_taken_back(fresh: StandIn) -> None:
    paid = start(fresh, 500)
    made = fresh.client.invoice_items.create({"customer": paid["customer"], "amount": -100, "currency": "eur"})
    assert fresh.client.invoice_items.delete(made.id).deleted is True
    fresh.advance(31)
    assert amounts(invoice(fresh, paid["subscription"])) == [500]


def test_credit_by_hand_pays_the_next_invoices(fresh: StandIn) -> None:
    paid = start(fresh, 500)
    gift, customer = paid["subscription"], paid["customer"]
    moves = fresh.client.customers.balance_transactions
    moved = moves.create(customer, {"amount": -750, "currency": "eur", "description": "Sorry"})
    assert (moved.type, moved.ending_balance) == ("adjustment", -750)
    fresh.advance(31)
    first = invoice(fresh, gift)
    assert (first["total"], first["amount_due"], first["amount_paid"], first["status"]) == (500, 0, 0, "paid")
    assert (first["starting_balance"], first["ending_balance"]) == (-750, -250)
    fresh.advance(31)
    second = invoice(fresh, gift)
    assert (second["amount_due"], second["amount_paid"], second["ending_balance"]) == (250, 250, 0)
    kinds = [(one.type, one.amount) for one in moves.list(customer).data]
    assert kinds == [("applied_to_invoice", 250), ("applied_to_invoice", 500), ("adjustment", -750)]


def test_the_control_calls_make_the_same(fresh: StandIn) -> None:
    paid = start(fresh, 500)
    gift, customer = paid["subscription"], paid["customer"]
    fresh.control(f"subscriptions/{gift}/coupon", percent_off=50)
    fresh.control(f"subscriptions/{gift}/tax", percentage=20)
    fresh.control(f"subscriptions/{gift}/invoice-item", amount=2000, description="A book")
    assert fresh.control(f"customers/{customer}/credit", amount=100)["balance"] == -100
    fresh.advance(31)
    bill = invoice(fresh, gift)
    assert (amounts(bill), bill["total"], bill["amount_paid"]) == ([2000, 500], 1500, 1400)
    page = requests.get(bill["hosted_invoice_url"], timeout=5).text
    assert "A book" in page
    fresh.control(f"subscriptions/{gift}/tax", percentage=0)
    raised = fresh.control(f"subscriptions/{gift}/change", amount=1000, proration="always_invoice")
    assert raised["amount"] == 1000
    assert invoice(fresh, gift)["billing_reason"] == "subscription_update"
    later = fresh.control(f"subscriptions/{gift}/change", interval="year", amount=9000, at_period_end=True)
    assert later["status"] == "trialing"
    fresh.control(f"subscriptions/{gift}/change", 400, interval="month", interval_count=40)
    all_is_told(fresh)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"percent_off": 0},
        {"percent_off": 101},
        {"percent_off": 5, "amount_off": 5, "currency": "eur"},
        {"amount_off": 500},
        {"percent_off": 5, "duration": "repeating"},
        {"percent_off": 5, "duration": "always"},
    ],
)
def test_a_coupon_that_stripe_refuses(shared: StandIn, wrong: Any) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        shared.client.coupons.create(wrong)


def test_nothing_mixes_currencies(shared: StandIn) -> None:
    paid = start(shared, 500)
    gift, customer = paid["subscription"], paid["customer"]
    dollars = shared.client.coupons.create({"amount_off": 100, "currency": "usd"}).id
    with pytest.raises(stripe.InvalidRequestError):
        shared.client.subscriptions.update(gift, {"discounts": [{"coupon": dollars}]})
    with pytest.raises(stripe.InvalidRequestError, match="combine currencies"):
        shared.client.invoice_items.create({"customer": customer, "amount": 100, "currency": "usd"})
    with pytest.raises(stripe.InvalidRequestError):
        shared.client.customers.balance_transactions.create(customer, {"amount": 100, "currency": "usd"})
    with pytest.raises(stripe.InvalidRequestError, match="customer"):
        shared.client.invoice_items.create({"amount": 100, "currency": "eur"})
    with pytest.raises(stripe.InvalidRequestError, match="No such subscription"):
        shared.client.invoice_items.create({"subscription": "sub_nobody", "amount": 100, "currency": "eur"})
    with pytest.raises(stripe.InvalidRequestError, match="No such tax_rate"):
        shared.client.subscriptions.update(gift, {"default_tax_rates": ["txr_nobody"]})
