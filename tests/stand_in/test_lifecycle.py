"""Subscriptions paused and let off, free months, customers changed and deleted, cards tried in a row."""

from datetime import UTC, datetime
from typing import Any

import pytest
import stripe

from testkit.stand_in import Json, StandIn
from tests.stand_in.gifts import start
from tests.stand_in.sessions import session_params

DAY = 86_400


def _start(stand_in: StandIn, **more: Any) -> Json:
    session = stand_in.client.checkout.sessions.create(session_params("subscription", **more))
    return stand_in.pay(session.id, email="olena@example.org")


def _period_end(stand_in: StandIn, subscription: str) -> int:
    found: int = stand_in.client.subscriptions.retrieve(subscription).to_dict()["items"]["data"][0][
        "current_period_end"
    ]
    return found


def test_a_paused_subscription_does_not_renew_until_resumed(fresh: StandIn) -> None:
    paid = _start(fresh)
    subscription = paid["subscription"]
    before = _period_end(fresh, subscription)
    paused = fresh.control(f"subscriptions/{subscription}/pause")
    assert [event["type"] for event in paused["events"]] == [
        "customer.subscription.updated",
        "customer.subscription.paused",
    ]
    told = fresh.receiver.of("customer.subscription.paused")
    assert told["status_details"]["paused"]["subscription"]["type"] == "pause_requested"
    assert told["items"]["data"][0]["current_period_end"] < before
    fresh.advance(62)
    assert fresh.books()["eur"]["payments"] == 1
    fresh.control(f"subscriptions/{subscription}/pause", 400)
    resumed = fresh.control(f"subscriptions/{subscription}/unpause")
    assert [event["type"] for event in resumed["events"]][:3] == [
        "customer.subscription.updated",
        "customer.subscription.resumed",
        "invoice.created",
    ]
    assert fresh.books()["eur"]["payments"] == 2
    fresh.control(f"subscriptions/{subscription}/unpause", 400)
    fresh.advance(31)
    assert fresh.books()["eur"]["payments"] == 3


def test_a_pause_within_the_paid_month_costs_nothing(fresh: StandIn) -> None:
    paid = _start(fresh)
    before = _period_end(fresh, paid["subscription"])
    fresh.control(f"subscriptions/{paid['subscription']}/pause")
    fresh.advance(5)
    fresh.control(f"subscriptions/{paid['subscription']}/unpause")
    assert _period_end(fresh, paid["subscription"]) == before
    assert fresh.books()["eur"]["payments"] == 1
    fresh.advance(27)
    assert fresh.books()["eur"]["payments"] == 2


def test_the_api_pauses_and_resumes_with_a_new_period(fresh: StandIn) -> None:
    paid = _start(fresh)
    nothing_back: Any = {"bill_for": {"unused_time_from": {"type": "none"}}}
    assert fresh.client.subscriptions.pause(paid["subscription"], nothing_back).status == "paused"
    resumed = fresh.client.subscriptions.resume(paid["subscription"])
    assert resumed.status == "active"
    assert fresh.books()["eur"]["payments"] == 2


def test_a_paused_subscription_that_is_ended_stays_ended(fresh: StandIn) -> None:
    paid = _start(fresh)
    fresh.control(f"subscriptions/{paid['subscription']}/pause")
    fresh.client.subscriptions.cancel(paid["subscription"])
    fresh.advance(62)
    assert fresh.books()["eur"]["payments"] == 1


@pytest.mark.parametrize(
    ("behavior", "status", "told"),
    [
        ("void", "void", "invoice.voided"),
        ("mark_uncollectible", "uncollectible", "invoice.marked_uncollectible"),
        ("keep_as_draft", "draft", "invoice.created"),
    ],
)
def test_paused_collection_goes_on_with_invoices_nobody_pays(
    fresh: StandIn, behavior: Any, status: str, told: str
) -> None:
    paid = _start(fresh)
    paused = fresh.client.subscriptions.update(paid["subscription"], {"pause_collection": {"behavior": behavior}})
    assert (paused.status, paused.pause_collection and paused.pause_collection.behavior) == ("active", behavior)
    fresh.advance(31)
    assert fresh.receiver.of(told)["status"] == status
    assert fresh.books()["eur"]["payments"] == 1
    fresh.client.subscriptions.update(paid["subscription"], {"pause_collection": ""})
    fresh.advance(31)
    assert fresh.books()["eur"]["payments"] == 2


def test_collection_resumes_at_its_moment(fresh: StandIn) -> None:
    paid = _start(fresh)
    at = int(datetime.now(UTC).timestamp()) + 40 * DAY
    pause: Any = {"pause_collection": {"behavior": "void", "resumes_at": at}}
    fresh.client.subscriptions.update(paid["subscription"], pause)
    fresh.advance(65)
    assert fresh.books()["eur"]["payments"] == 2
    assert fresh.client.subscriptions.retrieve(paid["subscription"]).pause_collection is None


def test_a_free_month_is_paid_without_a_payment(fresh: StandIn) -> None:
    paid = _start(fresh)
    fresh.control(f"subscriptions/{paid['subscription']}/free-next")
    fresh.receiver.events.clear()
    fresh.advance(31)
    assert fresh.receiver.types() == [
        "customer.subscription.updated",
        "invoice.created",
        "invoice.finalized",
        "invoice.paid",
        "invoice.payment_succeeded",
    ]
    free = fresh.receiver.of("invoice.paid")
    assert (free["subtotal"], free["total"], free["amount_paid"], free["status"]) == (500, 0, 0, "paid")
    assert free["lines"]["data"][0]["period"]["end"] == _period_end(fresh, paid["subscription"])
    whole: Any = fresh.client.invoices.retrieve(free["id"], {"expand": ["payments", "discounts.source.coupon"]})
    assert whole.payments.data == []
    assert whole.discounts[0].source.coupon.percent_off == 100
    assert fresh.books()["eur"]["payments"] == 1
    fresh.advance(31)
    assert fresh.books()["eur"]["payments"] == 2


def test_a_customer_is_changed_and_then_deleted_with_its_subscription(fresh: StandIn) -> None:
    paid = _start(fresh)
    customer = paid["customer"]
    assert fresh.control(f"customers/{customer}", email="new@example.org", name="Оля")["email"] == "new@example.org"
    told = fresh.receiver.events[-1]
    assert told["type"] == "customer.updated"
    assert told["data"]["previous_attributes"]["email"] == "olena@example.org"
    assert fresh.control(f"customers/{customer}", email="new@example.org")["events"] == []
    fresh.control(f"customers/{customer}", 400, email="nobody")
    gone = fresh.control(f"customers/{customer}/delete")
    assert [event["type"] for event in gone["events"]] == ["customer.subscription.deleted", "customer.deleted"]
    assert fresh.receiver.of("customer.deleted")["email"] == "new@example.org"
    assert fresh.client.customers.retrieve(customer).to_dict() == {
        "id": customer,
        "object": "customer",
        "deleted": True,
    }
    assert fresh.client.customers.list().data == []
    fresh.advance(62)
    assert fresh.books()["eur"]["payments"] == 1
    with pytest.raises(stripe.InvalidRequestError) as refused:
        fresh.client.billing_portal.sessions.create({"customer": customer})
    assert refused.value.code == "resource_missing"
    with pytest.raises(stripe.InvalidRequestError):
        fresh.client.checkout.sessions.create(session_params(customer=customer))


def test_the_api_deletes_a_customer(shared: StandIn) -> None:
    made = shared.client.customers.create({"email": "brief@example.org"})
    assert shared.client.customers.delete(made.id).deleted is True
    with pytest.raises(stripe.InvalidRequestError):
        shared.client.customers.delete(made.id)


def test_every_declined_card_of_one_session_is_told(fresh: StandIn) -> None:
    """One payment intent, many charges; when the session expires the intent is canceled."""
    session = fresh.client.checkout.sessions.create(session_params()).id
    fresh.control(f"checkouts/{session}/pay", outcome="declines", times=11)
    types = fresh.receiver.types()
    assert (types.count("payment_intent.payment_failed"), types.count("charge.failed")) == (11, 11)
    assert types.count("payment_intent.created") == 1
    failed = {event["data"]["object"]["id"] for event in fresh.receiver.events if "intent" in event["type"]}
    assert len(failed) == 1
    expired = fresh.control(f"checkouts/{session}/expire")
    assert [event["type"] for event in expired["events"]] == ["checkout.session.expired", "payment_intent.canceled"]
    assert fresh.client.payment_intents.retrieve(failed.pop()).status == "canceled"


@pytest.mark.parametrize(("outcome", "status", "payments"), [("succeeds", "active", 2), ("fails", "past_due", 1)])
def test_a_renewal_may_be_on_its_way_for_days(fresh: StandIn, outcome: str, status: str, payments: int) -> None:
    paid = _start(fresh)
    fresh.control(f"subscriptions/{paid['subscription']}/next-payment", outcome="delayed")
    fresh.advance(31)
    pending = fresh.receiver.of("payment_intent.processing")
    assert fresh.client.invoices.retrieve(fresh.receiver.of("invoice.finalized")["id"]).status == "open"
    assert fresh.client.subscriptions.retrieve(paid["subscription"]).status == "active"
    settled = fresh.control(f"payments/{pending['id']}/settle", outcome=outcome)
    assert settled["status"] == status
    assert fresh.books()["eur"]["payments"] == payments
    assert ("invoice.payment_failed" in fresh.receiver.types()) is (outcome == "fails")
    fresh.control(f"payments/{pending['id']}/settle", 400, outcome=outcome)


def test_open_subscriptions_are_listed_in_pages(shared: StandIn) -> None:
    mine = [_start(shared)["subscription"] for _ in range(3)]
    paged = [one.id for one in shared.client.subscriptions.list({"limit": 2}).auto_paging_iter()]
    assert paged[:3] == mine[::-1]


def test_an_invoice_payment_is_found_by_its_intent(shared: StandIn) -> None:
    paid = _start(shared)
    found = shared.client.invoice_payments.list(
        {"payment": {"type": "payment_intent", "payment_intent": paid["payment_intent"]}}
    )
    assert [(one.invoice, one.status) for one in found.data] == [(paid["invoice"], "paid")]


def _half_over(stand_in: StandIn) -> Json:
    """A monthly gift of 20.00 whose month is half over."""
    paid = start(stand_in, 2000)
    item = stand_in.client.subscriptions.retrieve(paid["subscription"])["items"].data[0]
    stand_in.control("clock/advance", minutes=(item["current_period_end"] - item["current_period_start"]) // 120)
    return paid


def _waiting(stand_in: StandIn, customer: str) -> list[int]:
    found = stand_in.client.invoice_items.list({"customer": customer, "pending": True})
    return [one.amount for one in found.data]


def test_the_apis_pause_gives_back_unused_time_unless_told_else(fresh: StandIn) -> None:
    """https://docs.stripe.com/api/subscriptions/pause: `bill_for[unused_time_from]` is `now` by default."""
    paid = _half_over(fresh)
    fresh.client.subscriptions.pause(paid["subscription"])
    (credit,) = _waiting(fresh, paid["customer"])
    assert -1001 <= credit <= -999
    for type_, given in (("none", []), ("item_current_period_start", [-2000])):
        other = _half_over(fresh)
        fresh.client.subscriptions.pause(other["subscription"], {"bill_for": {"unused_time_from": {"type": type_}}})
        assert _waiting(fresh, other["customer"]) == given


def test_a_pause_may_invoice_its_credit_at_once(fresh: StandIn) -> None:
    paid = _half_over(fresh)
    fresh.client.subscriptions.pause(paid["subscription"], {"invoicing_behavior": "invoice"})
    assert _waiting(fresh, paid["customer"]) == []
    assert -1001 <= (fresh.client.customers.retrieve(paid["customer"]).balance or 0) <= -999


def test_what_was_given_back_is_paid_again_after_resuming(fresh: StandIn) -> None:
    paid = _half_over(fresh)
    fresh.client.subscriptions.pause(paid["subscription"])
    fresh.client.subscriptions.resume(paid["subscription"])
    bill = fresh.client.invoices.list({"subscription": paid["subscription"], "limit": 1}).data[0]
    assert (bill.billing_reason, bill.status) == ("subscription_update", "paid")
    assert 999 <= bill.amount_paid <= 1001
