"""The clock moves, and what falls due on the way happens at its own moment."""

from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from localdev.stripe.periods import boundary, next_boundary
from testkit.stand_in import AsProcess, Json, StandIn
from testkit.waiting import until
from tests.stand_in.sessions import session_params

DAY = 86_400


def _moment(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("anchor", "interval", "ends"),
    [
        ("2027-01-31T10:00:00", "month", ["2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31"]),
        ("2028-01-30T10:00:00", "month", ["2028-02-29", "2028-03-30"]),
        ("2026-12-15T10:00:00", "month", ["2027-01-15", "2027-02-15"]),
        ("2028-02-29T10:00:00", "year", ["2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"]),
        ("2026-12-31T23:59:59", "week", ["2027-01-07", "2027-01-14"]),
    ],
)
def test_periods_are_counted_from_the_anchor(anchor: str, interval: str, ends: list[str]) -> None:
    at = _moment(anchor)
    for number, end in enumerate(ends, start=1):
        expected = _moment(f"{end}T{anchor[11:]}")
        assert boundary(at, interval, 1, number) == expected
        assert next_boundary(at, interval, 1, expected - 1) == expected


def _start(stand_in: StandIn, **more: Any) -> Json:
    session = stand_in.client.checkout.sessions.create(session_params("subscription", **more))
    return stand_in.pay(session.id, email="olena@example.org")


def test_a_month_brings_the_months_payment(fresh: StandIn) -> None:
    paid = _start(fresh)
    fresh.receiver.events.clear()
    moved = fresh.advance(31)
    assert (
        fresh.receiver.types()
        == [event["type"] for event in moved["events"]]
        == [
            "customer.subscription.updated",
            "invoice.created",
            "invoice.finalized",
            "payment_intent.created",
            "payment_intent.succeeded",
            "charge.succeeded",
            "invoice.paid",
            "invoice.payment_succeeded",
            "invoice_payment.paid",
            "charge.updated",
        ]
    )
    invoice = fresh.receiver.of("invoice.paid")
    assert invoice["billing_reason"] == "subscription_cycle"
    line = invoice["lines"]["data"][0]["period"]
    assert line["start"] == invoice["period_end"] == invoice["created"]
    assert line["end"] - line["start"] >= 28 * DAY
    now = fresh.client.subscriptions.retrieve(paid["subscription"])
    assert now["items"].data[0].current_period_end == line["end"]
    assert fresh.books()["eur"] | {"fees": 0} == {
        "paid": 1000, "refunded": 0, "lost": 0, "net": 1000, "payments": 2, "fees": 0,
    }  # fmt: skip


def test_a_year_of_months_is_twelve_payments_and_a_yearly_gift_one(fresh: StandIn) -> None:
    _start(fresh)
    _start(fresh, amount=6000, interval="year")
    fresh.advance(366)
    assert fresh.receiver.types().count("invoice.paid") == 2 + 12 + 1
    assert fresh.books()["eur"]["paid"] == 13 * 500 + 2 * 6000


def test_failed_renewals_are_tried_again_and_end_the_gift_after_the_last(fresh: StandIn) -> None:
    paid = _start(fresh)
    fresh.control(f"subscriptions/{paid['subscription']}/next-payment", outcome="fails")
    fresh.advance(31)
    assert fresh.client.subscriptions.retrieve(paid["subscription"]).status == "past_due"
    failed = fresh.receiver.of("invoice.payment_failed")
    assert (failed["status"], failed["attempt_count"]) == ("open", 1)
    assert failed["next_payment_attempt"] == failed["created"] + 3 * DAY
    fresh.advance(20)
    assert fresh.receiver.types().count("invoice.payment_failed") == 4
    ended = fresh.receiver.of("customer.subscription.deleted")
    assert (ended["status"], ended["cancellation_details"]["reason"]) == ("canceled", "payment_failed")
    fresh.advance(62)
    assert fresh.books()["eur"]["payments"] == 1


def test_a_mended_card_is_tried_again_and_the_gift_goes_on(fresh: StandIn) -> None:
    paid = _start(fresh)
    fresh.control(f"subscriptions/{paid['subscription']}/next-payment", outcome="fails")
    fresh.advance(31)
    fresh.control(f"subscriptions/{paid['subscription']}/next-payment", outcome="succeeds")
    fresh.advance(4)
    assert fresh.client.subscriptions.retrieve(paid["subscription"]).status == "active"
    assert fresh.books()["eur"]["payments"] == 2
    assert fresh.receiver.of("invoice.paid")["attempt_count"] == 2


@pytest.mark.parametrize(("by", "flag"), [("portal", False), ("api", True)])
def test_a_planned_ending_ends_when_its_day_comes(fresh: StandIn, by: str, flag: bool) -> None:
    paid = _start(fresh)
    planned = fresh.control(f"subscriptions/{paid['subscription']}/cancel", by=by, when="period_end")
    assert planned["cancel_at_period_end"] is flag
    assert planned["cancel_at"]
    told = fresh.receiver.events[-1]
    assert told["type"] == "customer.subscription.updated"
    assert told["data"]["previous_attributes"]["cancel_at"] is None
    fresh.advance(31)
    assert fresh.receiver.of("customer.subscription.deleted")["ended_at"] == planned["cancel_at"]
    assert fresh.books()["eur"]["payments"] == 1


def test_the_api_plans_undoes_and_ends(shared: StandIn) -> None:
    paid = _start(shared)
    subscriptions = shared.client.subscriptions
    planned = subscriptions.update(paid["subscription"], {"cancel_at_period_end": True, "metadata": {"note": "x"}})
    assert (planned.cancel_at_period_end, planned.metadata["note"]) == (True, "x")
    undone = subscriptions.update(paid["subscription"], {"cancel_at_period_end": False})
    assert (undone.cancel_at, undone.cancel_at_period_end, undone.canceled_at) == (None, False, None)
    shared.control(f"subscriptions/{paid['subscription']}/cancel", by="portal", when="period_end")
    undone = subscriptions.update(paid["subscription"], {"cancel_at_period_end": False})
    assert undone.cancel_at is None
    ended = subscriptions.cancel(paid["subscription"])
    assert ended.status == "canceled"
    assert paid["subscription"] not in [one.id for one in subscriptions.list({"customer": paid["customer"]}).data]
    assert subscriptions.list({"customer": paid["customer"], "status": "all"}).data[0].status == "canceled"


def test_a_session_expires_after_a_day_or_when_told(fresh: StandIn) -> None:
    left = fresh.client.checkout.sessions.create(session_params())
    closed = fresh.client.checkout.sessions.create(session_params())
    assert fresh.client.checkout.sessions.expire(closed.id).status == "expired"
    fresh.control(f"checkouts/{closed.id}/pay", 400)
    fresh.advance(1)
    assert fresh.receiver.types() == ["checkout.session.expired"] * 2
    gone = fresh.client.checkout.sessions.retrieve(left.id)
    assert (gone.status, gone.url) == ("expired", None)


def test_events_reach_back_thirty_days(fresh: StandIn) -> None:
    paid = _start(fresh, interval="year")
    event = paid["events"][0]["id"]
    assert fresh.client.events.retrieve(event).type == "customer.created"
    fresh.advance(31)
    assert fresh.client.events.list().data == []


def test_a_graceful_end_is_quick_and_keeps_everything(own_process: StandIn) -> None:
    _start(own_process)
    own_process.advance(40)
    before = own_process.control("deliveries", mode="hold")
    assert own_process.stop() == 0
    own_process.start()
    assert own_process.books()["eur"]["payments"] == 2
    assert own_process.control("deliveries", mode="hold") == before
    assert requests.get(f"{own_process.url}/_control/clock", timeout=5).json()["ahead_seconds"] == 40 * DAY


def test_when_its_parent_is_killed_nothing_is_left_behind(own_process: StandIn) -> None:
    assert isinstance(own_process.server, AsProcess)
    own_process.server.process.kill()
    own_process.server.process.wait(5)
    until(lambda: not own_process.answers(), "the worker to end as well")
    own_process.start()
    assert own_process.books() == {}


def test_a_kill_loses_nothing_that_was_answered(own_process: StandIn) -> None:
    paid = _start(own_process)
    own_process.advance(31)
    own_process.kill()
    own_process.start()
    assert own_process.books()["eur"]["payments"] == 2
    assert own_process.client.subscriptions.retrieve(paid["subscription"]).status == "active"
    own_process.advance(31)
    assert own_process.books()["eur"]["payments"] == 3
