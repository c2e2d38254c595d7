"""What may still be done to a subscription that has ended, and in which words the rest is refused."""

from collections.abc import Callable
from typing import Any

import pytest
import stripe

from testkit.stand_in import StandIn
from tests.stand_in import gifts

Call = Callable[[Any, str], Any]
ENDED = "A canceled subscription can only update its cancellation_details and metadata."


@pytest.fixture
def ended(shared: StandIn) -> str:
    """A subscription that was canceled at once."""
    identifier = str(gifts.start(shared)["subscription"])
    assert shared.client.subscriptions.cancel(identifier).status == "canceled"
    return identifier


@pytest.mark.parametrize(
    "params",
    [
        {"description": "Again"},
        {"cancel_at_period_end": True},
        {"cancel_at": ""},
        {"items": [{"quantity": 2}]},
        {"discounts": ""},
        {"pause_collection": {"behavior": "void"}},
        {"trial_end": "now"},
        {"metadata": {"a": "b"}, "default_tax_rates": ""},
    ],
)
def test_nothing_else_can_be_updated(shared: StandIn, ended: str, params: Any) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        shared.client.subscriptions.update(ended, params)
    assert (refused.value.http_status, refused.value.code) == (400, "invalid_canceled_subscription_fields")
    assert refused.value.user_message == ENDED


def test_why_it_ended_and_metadata_can(shared: StandIn, ended: str) -> None:
    why: Any = {"metadata": {"asked": "yes"}, "cancellation_details": {"comment": "Moved", "feedback": "other"}}
    after = shared.client.subscriptions.update(ended, why).to_dict()
    assert after["metadata"]["asked"] == "yes"
    assert after["cancellation_details"] == {
        "comment": "Moved",
        "feedback": "other",
        "feedback_option": None,
        "reason": "cancellation_requested",
    }


def test_it_cannot_be_canceled_twice(shared: StandIn, ended: str) -> None:
    with pytest.raises(stripe.InvalidRequestError, match=f"No such subscription: '{ended}'") as refused:
        shared.client.subscriptions.cancel(ended)
    assert (refused.value.http_status, refused.value.code, refused.value.param) == (404, "resource_missing", "id")


@pytest.mark.parametrize(
    "call",
    [
        lambda client, one: client.subscriptions.pause(one),
        lambda client, one: client.subscriptions.resume(one),
        lambda client, one: client.subscriptions.resume(one, {"billing_cycle_anchor": {"type": "unchanged"}}),
    ],
)
def test_it_is_neither_paused_nor_resumed(shared: StandIn, ended: str, call: Call) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="canceled") as refused:
        call(shared.client, ended)
    assert refused.value.http_status == 400


def test_nothing_can_be_put_on_its_next_invoice(shared: StandIn, ended: str) -> None:
    item: Any = {"subscription": ended, "amount": 500, "currency": "eur"}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        shared.client.invoice_items.create(item)
    assert (refused.value.http_status, refused.value.code, refused.value.param) == (
        400,
        "resource_missing",
        "subscription",
    )


def test_it_is_still_read_and_listed_when_asked_for(shared: StandIn, ended: str) -> None:
    assert shared.client.subscriptions.retrieve(ended).status == "canceled"
    assert ended in {one.id for one in shared.client.subscriptions.list({"status": "canceled"}).data}
    assert ended not in {one.id for one in shared.client.subscriptions.list().data}
