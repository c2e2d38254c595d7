"""A renewal's update of its subscription, which only moves the period: one write, and nothing is asked."""

import copy
from typing import Any

import pytest

from chalicelib.inbox import rows as inbox
from chalicelib.rails.stripe.events.envelope import Event
from chalicelib.rails.stripe.events.new_period import only_begins_new_period
from testkit.harness import ADA, Harness
from testkit.tables import Around
from testkit.webhooks import Json, one, raw

UPDATED = "customer.subscription.updated"
ITEM = {"id": "si_1", "quantity": 1, "price": {"id": "price_1", "unit_amount": 500}}
OTHER = {"id": "si_2", "quantity": 1, "price": {"id": "price_2", "unit_amount": 300}}


def period(number: int, item: Json = ITEM) -> Json:
    return {**item, "current_period_start": number * 100, "current_period_end": (number + 1) * 100}


def update(before: Any, *items: Json, **now: Any) -> Event:
    about = {"id": "sub_1", "object": "subscription", "status": "active", "latest_invoice": "in_2", **now}
    about |= {"items": {"object": "list", "data": list(items or [period(2)])}}
    data = {"object": about, "previous_attributes": before}
    return Event.model_validate({"id": "evt_1", "type": UPDATED, "livemode": False, "data": data})


def listed(*items: Any, **more: Any) -> Json:
    return {"data": list(items), **more}


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(update({"items": listed(period(1), object="list"), "latest_invoice": "in_1"}), id="whole items"),
        pytest.param(update({"items": listed(period(1))}), id="the invoice comes later"),
        pytest.param(update({"items": listed({"current_period_end": 200})}), id="only what differs"),
        pytest.param(
            update({"items": listed(period(1), period(1, OTHER))}, period(2, OTHER), period(2)),
            id="two, in any order",
        ),
        pytest.param(
            update({"current_period_start": 100, "current_period_end": 200, "latest_invoice": "in_1"}),
            id="as before 2025-03-31.basil",
        ),
    ],
)
def test_a_moved_period_alone_is_recognised(event: Event) -> None:
    assert only_begins_new_period(event)


MOVED = {"items": listed(period(1)), "latest_invoice": "in_1"}
REPRICED = {**ITEM, "price": {"id": "price_0", "unit_amount": 300}}


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(update(None), id="nothing told"),
        pytest.param(update({}), id="nothing changed"),
        pytest.param(update({"latest_invoice": "in_1"}), id="only another invoice"),
        pytest.param(update({**MOVED, "status": "past_due"}), id="the status too"),
        pytest.param(update({**MOVED, "default_payment_method": "pm_1"}), id="the card too"),
        pytest.param(update({**MOVED, "billing_cycle_anchor": 1}), id="the day too"),
        pytest.param(update({"items": listed(period(1, REPRICED))}), id="the price too"),
        pytest.param(update({"items": listed({**period(1), "quantity": 2})}), id="the quantity too"),
        pytest.param(update({"items": listed({**period(1), "gone": 1})}), id="a field that is gone"),
        pytest.param(update({"items": listed(period(1))}, period(2), period(2, OTHER)), id="one more item"),
        pytest.param(update({"items": listed(period(1), period(1, OTHER))}), id="one item fewer"),
        pytest.param(update({"items": listed({**period(1), "id": "si_9"})}), id="another item"),
        pytest.param(update({"items": listed(period(1), has_more=True)}), id="more items than are shown"),
        pytest.param(update({"items": listed()}), id="no items"),
        pytest.param(update({"items": None}), id="items of null"),
        pytest.param(update({"items": {"data": "x"}}), id="items of text"),
        pytest.param(update({"items": listed(None)}), id="an item of null"),
        pytest.param(update(MOVED, status="past_due"), id="overdue"),
        pytest.param(update(MOVED, status="trialing"), id="a trial"),
        pytest.param(update(MOVED, pause_collection={"behavior": "void"}), id="paused"),
        pytest.param(update(MOVED, cancel_at=900), id="to end"),
        pytest.param(update(MOVED, cancel_at_period_end=True), id="to end with the period"),
        pytest.param(update(MOVED, pending_update={"expires_at": 1}), id="a change waits for its payment"),
    ],
)
def test_anything_more_is_applied_as_ever(event: Event) -> None:
    assert not only_begins_new_period(event)


# ---- through the webhook ----


def renewed(harness: Harness) -> list[Json]:
    harness.tell(harness.gives(500, "month"))
    events = harness.stripe.renew(str(harness.stripe.of("subscription")[-1]["id"]))
    harness.pass_time(harness.stripe.account.seconds - harness.clock.business)
    return events


def test_a_renewals_update_costs_one_write_and_no_call(harness: Harness) -> None:
    event = one(renewed(harness), UPDATED)
    calls: list[str] = []
    harness.table = Around(harness.stored, lambda call, _what: calls.append(call))
    harness.stripe.calls.clear()
    harness.tell([event])
    assert calls == ["write"]
    assert sum(harness.stripe.calls.values()) == 0
    assert harness.status(event["id"]) == "ignored"
    calls.clear()
    harness.tell([event])
    assert "transact" not in calls, "told again, it is known"


def test_what_is_kept_of_it_leads_to_nobody(harness: Harness) -> None:
    event = one(renewed(harness), UPDATED)
    harness.tell([event])
    stored = inbox.read(harness.table, event["id"])
    assert stored is not None
    assert len(stored.body) < 1024, "with more it would cost two units"
    about = event["data"]["object"]
    for leads_to_somebody in (about["customer"], ADA):
        assert leads_to_somebody.encode() not in stored.body


def test_the_renewal_is_whole_without_it(harness: Harness) -> None:
    events = renewed(harness)
    harness.tell([one(events, UPDATED), one(events, "invoice.paid")])
    (gift,) = harness.state().standing.recurring
    (item,) = harness.stripe.of("subscription")[-1]["items"]["data"]
    assert gift.next_payment_at == item["current_period_end"]
    assert harness.totals() == {"eur": (1000, 2)}


def test_one_that_also_changes_the_price_is_applied(harness: Harness) -> None:
    """The negative control: the same event, with a price of before that was another one."""
    event = copy.deepcopy(one(renewed(harness), UPDATED))
    event["data"]["previous_attributes"]["items"]["data"][0]["price"]["unit_amount"] = 300
    harness.tell([event])
    assert harness.status(event["id"]) == "applied"


@pytest.mark.parametrize("kind", ["customer.subscription.created", "customer.subscription.deleted"])
def test_another_type_says_something_whatever_it_names(harness: Harness, kind: str) -> None:
    event = {**one(renewed(harness), UPDATED), "type": kind}
    harness.tell([event])
    assert harness.status(event["id"]) == "applied"


@pytest.mark.parametrize(
    ("before", "writes"),
    [
        ({"delinquent": True}, 1),
        ({"invoice_settings": {"footer": None}}, 1),
        ({"invoice_settings": {"default_payment_method": None}}, 2),
    ],
)
def test_a_customers_update_costs_more_than_its_row_only_with_another_card(
    harness: Harness, before: Json, writes: int
) -> None:
    harness.tell(harness.gives(500, "month"))
    customer = harness.stripe.of("customer")[-1]
    about = {"id": "evt_customer", "object": "event", "type": "customer.updated", "livemode": False}
    calls: list[str] = []
    harness.table = Around(harness.stored, lambda call, _what: calls.append(call))
    harness.tell([{**about, "data": {"object": customer, "previous_attributes": before}}])
    assert len([call for call in calls if call in ("write", "transact")]) == writes
    assert ("get" in calls) is (writes > 1)


def test_of_another_mode_it_stays_another_modes(harness: Harness) -> None:
    event = {**one(renewed(harness), UPDATED), "livemode": True}
    assert harness.post_raw(raw(event)).json["applied"]
    assert harness.status(event["id"]) == "ignored"
