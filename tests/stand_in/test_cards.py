"""Cards: which one is charged, a new one by the portal, one that expires, one whose bank asks; invoices paid."""

import re
from typing import Any

import pytest
import requests
import stripe

from testkit.stand_in import Json, StandIn
from tests.stand_in.gifts import all_is_told, change, invoice, start, subscription

FLOW: Any = {
    "type": "payment_method_update",
    "after_completion": {"type": "redirect", "redirect": {"return_url": "http://127.0.0.1:9/account"}},
}


def card(stand_in: StandIn, gift: str) -> Json:
    """The card that a subscription is charged to."""
    paths = ["default_payment_method", "customer.invoice_settings.default_payment_method"]
    found = stand_in.client.subscriptions.retrieve(gift, {"expand": paths}).to_dict()
    own = found["default_payment_method"] or found["customer"]["invoice_settings"]["default_payment_method"]
    return dict(own["card"])


def portal(stand_in: StandIn, paid: Json, **more: Any) -> str:
    params: Any = {"customer": paid["customer"], "return_url": "http://127.0.0.1:9/", "flow_data": FLOW, **more}
    return stand_in.client.billing_portal.sessions.create(params).url


def enters(url: str, number: str, expiry: str = "03 / 36") -> requests.Response:
    form = {"number": number, "expiry": expiry, "cvc": "123"}
    return requests.post(f"{url}/payment-methods", data=form, timeout=10, allow_redirects=False)


def fails(stand_in: StandIn, gift: str) -> Json:
    """The next payment is refused; its invoice."""
    stand_in.control(f"subscriptions/{gift}/next-payment", outcome="fails")
    stand_in.advance(32)
    assert subscription(stand_in, gift)["status"] == "past_due"
    return invoice(stand_in, gift)


def test_the_flow_leads_to_a_new_card_and_back(fresh: StandIn) -> None:
    paid = start(fresh)
    url = portal(fresh, paid)
    shown = requests.get(url, timeout=5)
    assert "Update payment method" in shown.text
    assert "Cancel subscription" not in shown.text
    fresh.receiver.events.clear()
    reply = enters(url, "4242 4242 4242 4242")
    assert (reply.status_code, reply.headers["location"]) == (303, "http://127.0.0.1:9/account")
    assert fresh.receiver.types() == ["payment_method.attached", "customer.updated"]
    told = fresh.receiver.events[-1]["data"]
    assert told["previous_attributes"] == {"invoice_settings": {"default_payment_method": None}}
    assert told["object"]["invoice_settings"]["default_payment_method"].startswith("pm_")
    assert card(fresh, paid["subscription"])["exp_year"] == 2034, "a subscription's own method is not touched"


@pytest.mark.parametrize(
    ("number", "expiry", "status", "words"),
    [
        ("4242 4242 4242 424", "03 / 36", 400, "Your card number is incorrect"),
        ("4242 4242 4242 4242", "03 / 16", 400, "expiration date is in the past"),
        ("4000 0000 0000 0002", "03 / 36", 402, "declined"),
    ],
)
def test_a_card_that_cannot_be_is_not_taken(
    shared: StandIn, number: str, expiry: str, status: int, words: str
) -> None:
    paid = start(shared)
    reply = enters(portal(shared, paid), number, expiry)
    assert reply.status_code == status
    assert words in re.sub(r"&#39;", "'", reply.text)
    customer = shared.client.customers.retrieve(paid["customer"])
    assert customer.invoice_settings
    assert customer.invoice_settings.default_payment_method is None


def test_a_flow_that_the_configuration_does_not_allow_is_refused(shared: StandIn) -> None:
    paid = start(shared)
    made = shared.client.billing_portal.configurations.create({"features": {"invoice_history": {"enabled": True}}})
    with pytest.raises(stripe.InvalidRequestError, match="payment method update"):
        portal(shared, paid, configuration=made.id)
    cancel: Any = {"type": "subscription_cancel", "subscription_cancel": {"subscription": paid["subscription"]}}
    with pytest.raises(stripe.InvalidRequestError, match="subscription cancel"):
        portal(shared, paid, configuration=made.id, flow_data=cancel)


def test_what_is_switched_off_is_neither_offered_nor_done(shared: StandIn) -> None:
    paid = start(shared)
    made = shared.client.billing_portal.configurations.create(
        {"features": {"payment_method_update": {"enabled": True}}}
    )
    params: Any = {"customer": paid["customer"], "configuration": made.id}
    url = shared.client.billing_portal.sessions.create(params).url
    page = requests.get(url, timeout=5).text
    assert "Add payment method" in page
    assert not {"Cancel subscription", "Pause payments"} & set(re.findall(r">([^<]+)<", page))
    for action in ("cancel", "pause"):
        requests.post(url, data={"subscription": paid["subscription"], "action": action}, timeout=10)
    after = subscription(shared, paid["subscription"])
    assert (after["cancel_at"], after["status"]) == (None, "active")


def test_an_overdue_invoice_is_paid_with_another_method(fresh: StandIn) -> None:
    paid = start(fresh)
    bill = fails(fresh, paid["subscription"])
    with pytest.raises(stripe.CardError) as refused:
        fresh.client.invoices.pay(bill["id"])
    assert (refused.value.http_status, refused.value.code) == (402, "card_declined")
    assert invoice(fresh, paid["subscription"])["attempt_count"] == bill["attempt_count"] + 1, "the try has happened"
    entered = fresh.control(f"customers/{paid['customer']}/card", last4="4444")
    done = fresh.client.invoices.pay(bill["id"], {"payment_method": entered["payment_method"]})
    assert done.status == "paid"
    assert subscription(fresh, paid["subscription"])["status"] == "active"
    with pytest.raises(stripe.InvalidRequestError) as again:
        fresh.client.invoices.pay(bill["id"])
    assert again.value.code == "invoice_already_paid"


def test_a_refused_payment_is_the_same_answer_under_the_same_key(fresh: StandIn) -> None:
    bill = fails(fresh, start(fresh)["subscription"])
    for _ in range(2):
        with pytest.raises(stripe.CardError):
            fresh.client.invoices.pay(bill["id"], {}, {"idempotency_key": "pay:1"})
    assert fresh.client.invoices.retrieve(bill["id"]).attempt_count == bill["attempt_count"] + 1


def test_another_customers_method_pays_nothing(fresh: StandIn) -> None:
    bill = fails(fresh, start(fresh)["subscription"])
    other = fresh.control(f"customers/{start(fresh)['customer']}/card")
    with pytest.raises(stripe.InvalidRequestError, match="does not belong"):
        fresh.client.invoices.pay(bill["id"], {"payment_method": other["payment_method"]})


def test_a_card_is_charged_until_its_month_is_over(fresh: StandIn) -> None:
    paid = start(fresh)
    gift = paid["subscription"]
    ends = subscription(fresh, gift)["items"]["data"][0]["current_period_end"]
    today = fresh.client.charges.list({"limit": 1}).data[0].created
    assert ends > today
    method = subscription(fresh, gift)["default_payment_method"]
    fresh.receiver.events.clear()
    fresh.control(f"payment_methods/{method}", exp_month=1, exp_year=2026)
    assert fresh.receiver.types() == ["payment_method.automatically_updated"]
    fresh.advance(32)
    failed = fresh.client.charges.list({"limit": 1}).data[0]
    assert (failed.status, failed.failure_code) == ("failed", "expired_card")
    fresh.control(f"payment_methods/{method}", exp_year=2044)
    fresh.advance(4)
    assert subscription(fresh, gift)["status"] == "active", "the next try finds it good again"


def test_the_bank_of_a_new_card_may_ask_at_each_payment(fresh: StandIn) -> None:
    """3-D Secure at a renewal; the invoice's own page confirms it."""
    paid = start(fresh)
    enters(portal(fresh, paid), "4000 0027 6000 3184")
    customer = fresh.client.customers.retrieve(paid["customer"])
    assert customer.invoice_settings
    chosen: Any = {"default_payment_method": customer.invoice_settings.default_payment_method}
    fresh.client.subscriptions.update(paid["subscription"], chosen)
    fresh.advance(32)
    bill = invoice(fresh, paid["subscription"])
    assert (bill["status"], bill["next_payment_attempt"]) == ("open", None)
    with pytest.raises(stripe.CardError) as asks:
        fresh.client.invoices.pay(bill["id"])
    assert asks.value.code == "invoice_payment_intent_requires_action"
    requests.post(bill["hosted_invoice_url"], timeout=10)
    assert subscription(fresh, paid["subscription"])["status"] == "active"


@pytest.mark.parametrize("says", ["fails", "needs_action"])
def test_a_charged_raise_waits_for_a_card_that_does_not_pay_at_once(fresh: StandIn, says: str) -> None:
    gift = start(fresh, 1000)["subscription"]
    method = subscription(fresh, gift)["default_payment_method"]
    fresh.control(f"payment_methods/{method}", says=says)
    more: Any = {"proration_behavior": "always_invoice", "payment_behavior": "pending_if_incomplete"}
    changed = change(fresh, gift, 3000, **more)
    assert changed["items"]["data"][0]["price"]["unit_amount"] == 1000
    assert changed["pending_update"]["subscription_items"][0]["price"]["unit_amount"] == 3000
    bill = fresh.client.invoices.retrieve(changed["latest_invoice"])
    assert bill.hosted_invoice_url
    fresh.control(f"payment_methods/{method}", says="succeeds")
    requests.post(bill.hosted_invoice_url, timeout=10)
    all_is_told(fresh)
    assert subscription(fresh, gift)["items"]["data"][0]["price"]["unit_amount"] == 3000


def test_archived_products_are_refused_where_the_account_says_so(fresh: StandIn) -> None:
    """Checkout archives its inline products at once; both answers may be Stripe's."""
    gift = start(fresh, 1000)["subscription"]
    assert change(fresh, gift, 2000)["items"]["data"][0]["price"]["unit_amount"] == 2000
    fresh.control("archived-products", refused=True)
    with pytest.raises(stripe.InvalidRequestError, match="marked as inactive"):
        change(fresh, gift, 3000)
    own: Any = fresh.client.products.create({"name": "Support"})
    item = subscription(fresh, gift)["items"]["data"][0]
    data: Any = {"currency": "eur", "product": own.id, "recurring": {"interval": "month"}, "unit_amount": 3000}
    fresh.client.subscriptions.update(gift, {"items": [{"id": item["id"], "price_data": data}]})
    assert subscription(fresh, gift)["items"]["data"][0]["price"]["product"] == own.id
