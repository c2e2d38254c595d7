"""A change whose payment is refused, and changes that Stripe refuses."""

from typing import Any

import pytest
import requests
import stripe

from testkit.stand_in import Json, StandIn
from tests.stand_in.gifts import amounts, change, invoice, price_data, start, subscription


def test_a_refused_payment_leaves_the_change_and_a_debt(fresh: StandIn) -> None:
    gift = start(fresh, 1000)["subscription"]
    fresh.control(f"subscriptions/{gift}/next-payment", outcome="fails")
    changed = change(fresh, gift, 5000, proration_behavior="always_invoice")
    assert (changed["status"], changed["items"]["data"][0]["price"]["unit_amount"]) == ("past_due", 5000)
    assert (invoice(fresh, gift)["status"], invoice(fresh, gift)["attempt_count"]) == ("open", 1)
    fresh.control(f"subscriptions/{gift}/next-payment", outcome="succeeds")
    fresh.advance(4)
    assert (invoice(fresh, gift)["status"], subscription(fresh, gift)["status"]) == ("paid", "active")


def test_nothing_is_changed_where_only_a_payment_may_change_it(fresh: StandIn) -> None:
    gift = start(fresh, 1000)["subscription"]
    fresh.control(f"subscriptions/{gift}/next-payment", outcome="fails")
    before, told = subscription(fresh, gift), len(fresh.receiver.events)
    with pytest.raises(stripe.CardError) as refused:
        change(fresh, gift, 5000, proration_behavior="always_invoice", payment_behavior="error_if_incomplete")
    assert (refused.value.http_status, refused.value.code) == (402, "card_declined")
    assert (subscription(fresh, gift), len(fresh.receiver.events)) == (before, told)


@pytest.mark.parametrize("happens", ["is paid", "is not paid"])
def test_a_change_may_wait_for_its_payment(fresh: StandIn, happens: str) -> None:
    gift = start(fresh, 1000)["subscription"]
    fresh.control(f"subscriptions/{gift}/next-payment", outcome="fails")
    changed = change(fresh, gift, 5000, proration_behavior="always_invoice", payment_behavior="pending_if_incomplete")
    assert (changed["status"], changed["items"]["data"][0]["price"]["unit_amount"]) == ("active", 1000)
    assert changed["pending_update"]["subscription_items"][0]["price"]["unit_amount"] == 5000
    bill = invoice(fresh, gift)
    assert (bill["status"], bill["next_payment_attempt"]) == ("open", None)
    if happens == "is paid":
        requests.post(bill["hosted_invoice_url"], timeout=20)
        assert fresh.receiver.of("customer.subscription.pending_update_applied")["id"] == gift
        price, status = 5000, "paid"
    else:
        fresh.advance(1)
        assert fresh.receiver.of("customer.subscription.pending_update_expired")["id"] == gift
        price, status = 1000, "void"
    now = subscription(fresh, gift)
    assert (now["pending_update"], now["items"]["data"][0]["price"]["unit_amount"]) == (None, price)
    assert fresh.client.invoices.retrieve(bill["id"]).status == status
    fresh.control(f"subscriptions/{gift}/next-payment", outcome="succeeds")
    fresh.advance(31)
    assert amounts(invoice(fresh, gift)) == [price]


def test_a_change_that_waits_and_is_paid_at_once_has_happened(fresh: StandIn) -> None:
    gift = start(fresh, 1000)["subscription"]
    changed = change(fresh, gift, 5000, proration_behavior="always_invoice", payment_behavior="pending_if_incomplete")
    assert (changed["pending_update"], changed["items"]["data"][0]["price"]["unit_amount"]) == (None, 5000)
    assert "customer.subscription.pending_update_applied" not in fresh.receiver.types()


@pytest.mark.parametrize(
    ("wrong", "param"),
    [
        ({"unit_amount": -1}, "items[0][price_data][unit_amount]"),
        ({"unit_amount": 100_000_000}, "items[0][price_data][unit_amount]"),
        ({"currency": "usd"}, "items[0][price]"),
        ({"currency": "xyz"}, "items[0][price_data][currency]"),
        ({"product": "prod_nobody"}, "items[0][price_data][product]"),
        (
            {"recurring": {"interval": "month", "interval_count": 37}},
            "items[0][price_data][recurring][interval_count]",
        ),
        ({"recurring": {"interval": "year", "interval_count": 4}}, "items[0][price_data][recurring][interval_count]"),
        ({"recurring": {"interval": "quarter"}}, "items[0][price_data][recurring][interval]"),
    ],
)
def test_a_price_that_stripe_refuses_is_refused(shared: StandIn, wrong: Json, param: str) -> None:
    gift = start(shared, 1000)["subscription"]
    item = subscription(shared, gift)["items"]["data"][0]["id"]
    params: Any = {"items": [{"id": item, "price_data": price_data(shared, gift, 500) | wrong}]}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        shared.client.subscriptions.update(gift, params)
    assert refused.value.param == param


@pytest.mark.parametrize(
    "wrong",
    [
        {"items": [{"id": "si_nobody", "quantity": 2}]},
        {"items": [{"price": "price_nobody"}]},
        {"items": [{"quantity": 2}]},
        {"collection_method": "send_invoice"},
        {"proration_behavior": "sometimes", "items": []},
        {"payment_behavior": "pending_if_incomplete", "metadata": {"a": "b"}},
    ],
)
def test_a_change_that_stripe_refuses_is_refused(shared: StandIn, wrong: Any) -> None:
    gift = start(shared, 1000)["subscription"]
    with pytest.raises(stripe.InvalidRequestError):
        shared.client.subscriptions.update(gift, wrong)


def test_a_change_while_nothing_is_collected_is_let_off(fresh: StandIn) -> None:
    gift = start(fresh, 1000)["subscription"]
    fresh.control(f"subscriptions/{gift}/collection", behavior="void")
    change(fresh, gift, 5000, proration_behavior="always_invoice")
    assert (invoice(fresh, gift)["status"], fresh.books()["eur"]["payments"]) == ("void", 1)
