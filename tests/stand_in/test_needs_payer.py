"""Renewals that cannot be collected without the payer: 3-D Secure, a card that has expired or is gone, a debit."""

from typing import Any

import pytest
import requests

from testkit.stand_in import Json, StandIn
from tests.stand_in.gifts import DAY, amounts, change, invoice, start, subscription
from tests.stand_in.sessions import session_params


def _renews(stand_in: StandIn, outcome: str) -> tuple[str, Json]:
    gift = start(stand_in, 500)["subscription"]
    stand_in.control(f"subscriptions/{gift}/next-payment", outcome=outcome)
    stand_in.receiver.events.clear()
    stand_in.advance(31)
    return gift, invoice(stand_in, gift)


def test_a_renewal_that_the_bank_wants_to_ask_about(fresh: StandIn) -> None:
    gift, bill = _renews(fresh, "needs_action")
    assert fresh.receiver.types() == [
        "customer.subscription.updated",
        "invoice.created",
        "invoice.finalized",
        "payment_intent.created",
        "charge.failed",
        "payment_intent.requires_action",
        "invoice.payment_action_required",
        "invoice.payment_failed",
        "customer.subscription.updated",
    ]
    assert (bill["status"], bill["attempted"], bill["next_payment_attempt"]) == ("open", True, None)
    assert subscription(fresh, gift)["status"] == "past_due"
    intent = fresh.receiver.of("payment_intent.requires_action")
    assert (intent["status"], intent["last_payment_error"]) == ("requires_action", None)
    assert intent["next_action"]["type"] == "use_stripe_sdk"
    failed = fresh.receiver.of("charge.failed")
    assert (failed["failure_code"], failed["outcome"]["reason"]) == ("authentication_required",) * 2
    assert "Confirm with the bank" in requests.get(bill["hosted_invoice_url"], timeout=5).text
    requests.post(bill["hosted_invoice_url"], timeout=20)
    assert "Paid." in requests.get(bill["hosted_invoice_url"], timeout=5).text
    assert (invoice(fresh, gift)["status"], subscription(fresh, gift)["status"]) == ("paid", "active")
    done = fresh.client.payment_intents.retrieve(intent["id"])
    assert (done.status, done.next_action) == ("succeeded", None)
    assert fresh.books()["eur"]["payments"] == 2
    fresh.advance(31)
    assert fresh.receiver.types().count("invoice.payment_action_required") == 2, "the bank asks every time"


def test_nobody_confirms(fresh: StandIn) -> None:
    gift, bill = _renews(fresh, "needs_action")
    fresh.advance(14)
    assert fresh.receiver.types().count("invoice.payment_failed") == 1, "nothing is tried without the payer"
    fresh.advance(2)
    ended = fresh.receiver.of("customer.subscription.deleted")
    assert (ended["id"], ended["cancellation_details"]["reason"]) == (gift, "payment_failed")
    assert fresh.client.invoices.retrieve(bill["id"]).status == "open"


def test_an_expired_card_is_tried_again_and_can_be_replaced(fresh: StandIn) -> None:
    gift, bill = _renews(fresh, "card_gone")
    failed = fresh.receiver.of("payment_intent.payment_failed")
    error = failed["last_payment_error"]
    assert (failed["status"], error["code"], error["decline_code"]) == (
        "requires_payment_method",
        "expired_card",
        "expired_card",
    )
    assert bill["next_payment_attempt"] is not None
    assert "invoice.payment_action_required" not in fresh.receiver.types()
    fresh.advance(4)
    assert invoice(fresh, gift)["attempt_count"] == 2
    requests.post(bill["hosted_invoice_url"], timeout=20)
    assert (invoice(fresh, gift)["status"], subscription(fresh, gift)["status"]) == ("paid", "active")


def test_without_any_method_nothing_is_charged(fresh: StandIn) -> None:
    gift, bill = _renews(fresh, "card_removed")
    assert subscription(fresh, gift)["default_payment_method"] is None
    assert subscription(fresh, gift)["status"] == "past_due"
    assert not [kind for kind in fresh.receiver.types() if kind.startswith("charge.")]
    assert (bill["status"], bill["amount_remaining"]) == ("open", 500)
    intent = fresh.receiver.of("payment_intent.created")
    assert (intent["status"], intent["latest_charge"]) == ("requires_payment_method", None)
    fresh.control(f"subscriptions/{gift}/next-payment", outcome="succeeds")
    assert subscription(fresh, gift)["default_payment_method"].startswith("pm_")
    fresh.advance(4)
    assert (invoice(fresh, gift)["status"], subscription(fresh, gift)["status"]) == ("paid", "active")


def test_a_change_may_wait_for_the_bank(fresh: StandIn) -> None:
    gift = start(fresh, 1000)["subscription"]
    fresh.control(f"subscriptions/{gift}/next-payment", outcome="needs_action")
    changed = change(fresh, gift, 5000, proration_behavior="always_invoice", payment_behavior="pending_if_incomplete")
    assert (changed["status"], changed["items"]["data"][0]["price"]["unit_amount"]) == ("active", 1000)
    requests.post(invoice(fresh, gift)["hosted_invoice_url"], timeout=20)
    after = subscription(fresh, gift)
    assert (after["pending_update"], after["items"]["data"][0]["price"]["unit_amount"]) == (None, 5000)
    assert sum(amounts(invoice(fresh, gift))) == invoice(fresh, gift)["amount_paid"]


@pytest.mark.parametrize("at_last", ["arrives", "never arrives"])
def test_a_first_payment_by_debit_that_fails(fresh: StandIn, at_last: str) -> None:
    """One truth to be told of it: the session has failed, the subscription is past due, the next try is planned."""
    params: Any = session_params("subscription")
    paid = fresh.pay(fresh.client.checkout.sessions.create(params).id, "delayed")
    gift = paid["subscription"]
    assert subscription(fresh, gift)["status"] == "active"
    fresh.receiver.events.clear()
    fresh.control(f"payments/{paid['payment_intent']}/settle", outcome="fails")
    assert fresh.receiver.types() == [
        "charge.failed",
        "payment_intent.payment_failed",
        "invoice.payment_failed",
        "customer.subscription.updated",
        "checkout.session.async_payment_failed",
    ]
    bill = invoice(fresh, gift)
    assert (bill["status"], bill["next_payment_attempt"] - bill["created"] >= 3 * DAY) == ("open", True)
    assert subscription(fresh, gift)["status"] == "past_due"
    fresh.control(f"subscriptions/{gift}/next-payment", outcome="succeeds" if at_last == "arrives" else "fails")
    fresh.advance(20)
    status, payments = ("active", 1) if at_last == "arrives" else ("canceled", 0)
    assert subscription(fresh, gift)["status"] == status
    assert fresh.books().get("eur", {"payments": 0})["payments"] == payments
