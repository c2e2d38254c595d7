"""A gift's rhythm is changed, its cycle starts anew, it has a trial, it ends at any moment."""

from datetime import UTC, datetime
from typing import Any

import pytest
import stripe

from testkit.stand_in import StandIn
from tests.stand_in.gifts import DAY, amounts, change, invoice, start, subscription


@pytest.mark.parametrize(("proration", "lines"), [("create_prorations", [-2000, 6000]), ("none", [6000])])
def test_another_rhythm_starts_and_is_invoiced_at_once(fresh: StandIn, proration: str, lines: list[int]) -> None:
    gift = start(fresh, 2000)["subscription"]
    before = subscription(fresh, gift)["items"]["data"][0]
    change(fresh, gift, 6000, interval="year", proration_behavior=proration)
    bill, after = invoice(fresh, gift), subscription(fresh, gift)
    if proration != "none":
        lines = [amounts(bill)[0], lines[1]]
        assert -2000 <= lines[0] <= -1999, "all but a moment of the month is given back"
    assert (bill["billing_reason"], amounts(bill), bill["amount_paid"]) == ("subscription_update", lines, sum(lines))
    item = after["items"]["data"][0]
    assert after["billing_cycle_anchor"] == item["current_period_start"] >= before["current_period_start"]
    assert 364 * DAY < item["current_period_end"] - item["current_period_start"] < 367 * DAY
    assert bill["lines"]["data"][-1]["period"] == {
        "end": item["current_period_end"],
        "start": item["current_period_start"],
    }
    fresh.advance(40)
    assert fresh.books()["eur"]["payments"] == 2
    fresh.advance(330)
    assert fresh.books()["eur"]["payments"] == 3


def test_from_a_year_to_a_month_leaves_credit_for_many_months(fresh: StandIn) -> None:
    paid = start(fresh, 12_000, interval="year")
    gift = paid["subscription"]
    change(fresh, gift, 1000, interval="month")
    bill = invoice(fresh, gift)
    assert (bill["amount_paid"], bill["status"]) == (0, "paid")
    assert bill["lines"]["data"][0]["period"]["end"] > bill["lines"]["data"][1]["period"]["end"]
    assert fresh.client.customers.retrieve(paid["customer"]).balance in (-11_000, -10_999)
    fresh.advance(62)
    assert fresh.books()["eur"]["payments"] == 1
    assert invoice(fresh, gift)["total"] == 1000


def test_six_months_at_a_time(fresh: StandIn) -> None:
    gift = start(fresh, 1500)["subscription"]
    change(fresh, gift, 1500, count=6, proration_behavior="none")
    fresh.advance(170)
    assert fresh.books()["eur"]["payments"] == 2
    fresh.advance(20)
    assert fresh.books()["eur"]["payments"] == 3
    assert invoice(fresh, gift)["lines"]["data"][0]["description"].endswith("(at €15.00 / 6 months)")


def test_the_cycle_can_start_anew(fresh: StandIn) -> None:
    gift = start(fresh, 1000)["subscription"]
    fresh.advance(10)
    fresh.client.subscriptions.update(gift, {"billing_cycle_anchor": {"type": "now"}, "proration_behavior": "none"})
    bill = invoice(fresh, gift)
    assert (bill["billing_reason"], amounts(bill)) == ("subscription_update", [1000])
    assert subscription(fresh, gift)["items"]["data"][0]["current_period_start"] >= bill["created"] - 1
    both: Any = {"billing_cycle_anchor": {"type": "now"}, "proration_date": 1}
    with pytest.raises(stripe.InvalidRequestError, match="proration_date"):
        fresh.client.subscriptions.update(gift, both)


def test_another_rhythm_from_the_next_payment_on_is_a_trial_until_then(fresh: StandIn) -> None:
    gift = start(fresh, 500)["subscription"]
    end = subscription(fresh, gift)["items"]["data"][0]["current_period_end"]
    changed = change(fresh, gift, 5000, interval="year", trial_end=end, proration_behavior="none")
    assert (changed["status"], changed["trial_end"], changed["billing_cycle_anchor"]) == ("trialing", end, end)
    assert changed["items"]["data"][0]["current_period_end"] == end
    bill = invoice(fresh, gift)
    assert (amounts(bill), bill["amount_paid"], bill["status"]) == ([0], 0, "paid")
    assert bill["lines"]["data"][0]["description"].startswith("Free trial for 1 × ")
    assert fresh.books()["eur"]["payments"] == 1
    fresh.advance(31)
    assert subscription(fresh, gift)["status"] == "active"
    assert (invoice(fresh, gift)["billing_reason"], amounts(invoice(fresh, gift))) == ("subscription_cycle", [5000])


def test_a_trial_gives_back_what_was_paid_unless_told_otherwise(fresh: StandIn) -> None:
    paid = start(fresh, 2000)
    gift = paid["subscription"]
    later = int(datetime.now(UTC).timestamp()) + 60 * DAY
    fresh.client.subscriptions.update(gift, {"trial_end": later})
    bill = invoice(fresh, gift)
    assert amounts(bill)[1] == 0
    assert -2000 <= amounts(bill)[0] <= -1999
    fresh.client.subscriptions.update(gift, {"trial_end": "now"})
    assert subscription(fresh, gift)["status"] == "active"
    assert (amounts(invoice(fresh, gift)), invoice(fresh, gift)["amount_paid"]) in (([2000], 0), ([2000], 1))
    for wrong in (1000, later + 800 * DAY):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            fresh.client.subscriptions.update(gift, {"trial_end": wrong})
        assert refused.value.param == "trial_end"


def test_an_ending_may_be_at_any_moment(fresh: StandIn) -> None:
    gift = start(fresh, 1000)["subscription"]
    at = subscription(fresh, gift)["items"]["data"][0]["current_period_end"] + 40 * DAY
    planned = fresh.client.subscriptions.update(gift, {"cancel_at": at, "proration_behavior": "none"})
    assert (planned.cancel_at, planned.cancel_at_period_end) == (at, False)
    fresh.advance(45)
    assert subscription(fresh, gift)["status"] == "active"
    fresh.advance(45)
    assert fresh.receiver.of("customer.subscription.deleted")["ended_at"] == at
    with pytest.raises(stripe.InvalidRequestError):
        fresh.client.subscriptions.update(start(fresh)["subscription"], {"cancel_at": 1000})
