"""Events in another order or another shape than hoped for: nothing is lost, and no mail contradicts the last one."""

import copy

import pytest

from chalicelib.checkouts.rules.wish import Wish
from testkit.harness import ADA, Harness
from testkit.webhooks import Json, one

FAILED, COMPLETED = "checkout.session.async_payment_failed", "checkout.session.completed"


@pytest.fixture
def bounced(harness: Harness) -> dict[str, Json]:
    """A delayed payment that failed, with nothing delivered yet: its two events by type."""
    session = harness.starts(Wish(1000, "eur", "once"))
    told = [*harness.stripe.pay(session, ADA, delayed=True), *harness.stripe.settle(session, succeeds=False)]
    return {kind: one(told, kind) for kind in (COMPLETED, FAILED)}


def test_nobody_hears_processing_after_failed(harness: Harness, bounced: dict[str, Json]) -> None:
    harness.tell([bounced[FAILED], bounced[COMPLETED]])
    assert [row["kind"] for row in harness.kinds("MAIL")] == ["payment_failed_once"]


def test_in_order_both_are_told(harness: Harness, bounced: dict[str, Json]) -> None:
    harness.tell([bounced[COMPLETED], bounced[FAILED]])
    assert sorted(row["kind"] for row in harness.kinds("MAIL")) == ["payment_failed_once", "processing"]


def test_a_renewal_told_in_an_older_shape_is_booked(harness: Harness) -> None:
    """An endpoint that is not pinned to our version: `invoice.subscription` instead of `invoice.parent`."""
    told = harness.gives(1000, "month")
    older = copy.deepcopy(one(told, "invoice.paid"))
    invoice = older["data"]["object"]
    details = invoice.pop("parent")["subscription_details"]
    invoice |= {"subscription": details["subscription"], "subscription_details": {"metadata": details["metadata"]}}
    harness.tell([older])
    assert harness.books.totals == {"eur": (1000, 1)}
    assert harness.access().tier == "member"


def test_somebody_elses_invoice_still_changes_nothing(harness: Harness) -> None:
    foreign = copy.deepcopy(one(harness.gives(1000, "month"), "invoice.paid"))
    foreign["data"]["object"]["parent"]["subscription_details"]["metadata"] = {"spilno": "somebody-else"}
    harness.tell([foreign])
    assert harness.books.totals == {}


def test_every_stop_and_every_undoing_has_its_receipt_even_for_the_same_day(harness: Harness) -> None:
    told = harness.gives(1000, "month")
    harness.tell(told)
    subscription = one(told, "customer.subscription.created")["data"]["object"]["id"]
    for _ in range(2):
        harness.tell(harness.stripe.stop(subscription))
        harness.pass_time(60)
        harness.tell(harness.stripe.resume(subscription))
        harness.pass_time(60)
    kinds = [row["kind"] for row in harness.kinds("MAIL")]
    assert (kinds.count("recurring_will_end"), kinds.count("recurring_resumed")) == (2, 2)


def test_one_stop_told_again_and_again_has_one_receipt(harness: Harness) -> None:
    told = harness.gives(1000, "month")
    harness.tell(told)
    subscription = one(told, "customer.subscription.created")["data"]["object"]["id"]
    stopped = harness.stripe.stop(subscription)
    again = [{**stopped[0], "id": f"{stopped[0]['id']}{number}"} for number in range(3)]
    harness.tell([*stopped, *again, *told])
    assert [row["kind"] for row in harness.kinds("MAIL")].count("recurring_will_end") == 1
