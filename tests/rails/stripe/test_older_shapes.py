"""Whose an object is, is looked at before the rest of it: another product's older shapes are foreign, not a fault."""

import pytest

from testkit.harness import Harness
from testkit.webhooks import Json

SHOP = {"order": "A-1001"}
# As Stripe sent them under versions of ten years: no items, no lines, the subscription on the invoice itself.
OLD: dict[str, Json] = {
    "checkout.session.completed": {
        "id": "cs_1",
        "object": "checkout.session",
        "metadata": SHOP,
        "url": None,
    },
    "customer.subscription.updated": {
        "id": "sub_1",
        "object": "subscription",
        "customer": "cus_1",
        "plan": {"id": "gold", "object": "plan", "amount": 900, "currency": "usd", "interval": "month"},
        "current_period_end": 1_600_000_000,
        "quantity": 1,
        "start": 1_500_000_000,
        "status": "active",
        "metadata": {},
    },
    "customer.subscription.deleted": {"id": "sub_2", "object": "subscription", "customer": "cus_1", "metadata": None},
    "invoice.paid": {"id": "in_1", "object": "invoice", "paid": True, "amount_due": 900, "charge": "ch_1"},
    "invoice.payment_failed": {"id": "in_2", "object": "invoice", "total": 900, "lines": {"data": [{"id": "il_1"}]}},
    "payment_intent.succeeded": {"id": "pi_1", "object": "payment_intent", "amount": 900, "metadata": SHOP},
    "charge.refunded": {"id": "ch_1", "object": "charge", "amount_refunded": 900, "refunds": {"data": []}},
    "charge.dispute.closed": {"object": "dispute", "amount": 1000, "status": "won", "evidence": "x"},
    "refund.created": {"id": "re_1", "object": "refund", "amount": 900},
    "charge.updated": {"id": "ch_2", "object": "charge", "paid": True},
}


@pytest.mark.parametrize("kind", OLD)
def test_another_products_older_shape_is_done_with_at_once(harness: Harness, kind: str) -> None:
    event = {"id": "evt_1", "type": kind, "livemode": False, "data": {"object": OLD[kind]}}
    reply = harness.deliver(event)
    assert (reply.status, reply.json) == (200, {"stored": True, "applied": True})
    assert harness.status("evt_1") in ("foreign", "ignored")
    assert {row["pk"] for row in harness.rows()} == {"EVT#evt_1"}


@pytest.mark.parametrize("kind", ["customer.subscription.updated", "checkout.session.completed"])
def test_the_same_with_our_mark_waits_with_a_reason(harness: Harness, kind: str) -> None:
    """Negative control: what is ours and cannot be read must not vanish."""
    about = {**OLD[kind], "metadata": {"spilno": "test"}}
    harness.deliver({"id": "evt_1", "type": kind, "livemode": False, "data": {"object": about}})
    assert harness.status("evt_1") == "pending"
