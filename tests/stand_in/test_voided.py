"""An open invoice that is voided: nobody can pay it any more, and what waited for it is dropped."""

from typing import Any

import pytest
import stripe

from testkit.stand_in import Json, StandIn
from tests.stand_in.gifts import all_is_told, change, invoice, start, subscription


def voided(stand_in: StandIn, gift: str) -> Json:
    """The gift's latest invoice, void."""
    found: Json = stand_in.client.invoices.void_invoice(subscription(stand_in, gift)["latest_invoice"]).to_dict()
    return found


def test_a_change_that_waits_for_it_is_dropped(fresh: StandIn) -> None:
    gift = start(fresh, 500)["subscription"]
    fresh.control(f"subscriptions/{gift}/next-payment", outcome="fails")
    change(fresh, gift, 1000, payment_behavior="pending_if_incomplete", proration_behavior="always_invoice")
    assert subscription(fresh, gift)["pending_update"]
    fresh.receiver.events.clear()
    assert voided(fresh, gift)["status"] == "void"
    all_is_told(fresh)
    now = subscription(fresh, gift)
    assert (now["pending_update"], now["status"]) == (None, "active")
    assert now["items"]["data"][0]["price"]["unit_amount"] == 500
    assert [event["type"] for event in fresh.receiver.events] == [
        "invoice.voided",
        "customer.subscription.updated",
        "customer.subscription.pending_update_expired",
    ]


def test_a_late_subscription_is_active_again_and_is_not_tried_again(fresh: StandIn) -> None:
    gift = start(fresh, 500)["subscription"]
    fresh.control(f"subscriptions/{gift}/next-payment", outcome="fails")
    fresh.control("clock/advance", days=32)
    assert subscription(fresh, gift)["status"] == "past_due"
    assert voided(fresh, gift)["status"] == "void"
    fresh.control(f"subscriptions/{gift}/next-payment", outcome="succeeds")
    fresh.control("clock/advance", days=5)
    assert subscription(fresh, gift)["status"] == "active"
    assert invoice(fresh, gift)["status"] == "void"


def test_only_an_open_one_can_be_voided(fresh: StandIn) -> None:
    gift = start(fresh, 500)["subscription"]
    with pytest.raises(stripe.InvalidRequestError):
        voided(fresh, gift)


def test_resumed_without_proration_nothing_is_charged_before_the_next_period(fresh: StandIn) -> None:
    gift = start(fresh, 500)["subscription"]
    fresh.control(f"subscriptions/{gift}/pause")
    fresh.control("clock/advance", days=45)
    params: Any = {"billing_cycle_anchor": {"type": "unchanged"}, "proration_behavior": "none"}
    before = invoice(fresh, gift)["id"]
    resumed = fresh.client.subscriptions.resume(gift, params).to_dict()
    assert (resumed["status"], invoice(fresh, gift)["id"]) == ("active", before)
    fresh.control("clock/advance", days=20)
    assert invoice(fresh, gift)["id"] != before
