"""Refunds and disputes move money on the books exactly once, and name what Stripe names."""

import pytest
import stripe

from tests.stand_in.harness import Json, StandIn, session_params


def _gift(stand_in: StandIn, mode: str = "payment") -> Json:
    return stand_in.pay(stand_in.client.checkout.sessions.create(session_params(mode, amount=1000)).id)


def test_refunds_add_up_and_cannot_exceed_the_payment(fresh: StandIn) -> None:
    intent = _gift(fresh)["payment_intent"]
    fresh.receiver.events.clear()
    first = fresh.control(f"payments/{intent}/refund", amount=300)
    assert fresh.receiver.types() == ["refund.created", "charge.refunded"]
    charge = fresh.receiver.of("charge.refunded")
    assert (charge["amount_refunded"], charge["refunded"]) == (300, False)
    assert "refunds" not in charge
    fresh.control(f"payments/{intent}/refund", 400, amount=701)
    made = fresh.client.refunds.create({"payment_intent": intent, "reason": "requested_by_customer"})
    assert made.amount == 700
    with pytest.raises(stripe.InvalidRequestError) as refused:
        fresh.client.refunds.create({"payment_intent": intent})
    assert refused.value.code == "charge_already_refunded"
    assert {one.id for one in fresh.client.refunds.list({"payment_intent": intent}).data} == {
        made.id,
        first["refund"],
    }
    assert (fresh.books()["eur"]["refunded"], fresh.books()["eur"]["net"]) == (1000, 0)


def test_a_failed_refund_brings_the_money_back(fresh: StandIn) -> None:
    made = fresh.control(f"payments/{_gift(fresh)['payment_intent']}/refund")
    fresh.control(f"refunds/{made['refund']}/fail")
    assert fresh.receiver.types()[-4:] == [
        "refund.updated",
        "charge.refund.updated",
        "refund.failed",
        "charge.updated",
    ]
    assert (fresh.books()["eur"]["refunded"], fresh.books()["eur"]["net"]) == (0, 1000)


@pytest.mark.parametrize(("outcome", "lost"), [("won", 0), ("lost", 1000)])
def test_a_dispute_withdraws_and_may_reinstate(fresh: StandIn, outcome: str, lost: int) -> None:
    intent = _gift(fresh, "subscription")["payment_intent"]
    made = fresh.control(f"payments/{intent}/dispute")
    assert fresh.receiver.types()[-2:] == ["charge.dispute.created", "charge.dispute.funds_withdrawn"]
    assert fresh.receiver.of("charge.dispute.created")["balance_transactions"] == []
    withdrawn = fresh.receiver.of("charge.dispute.funds_withdrawn")["balance_transactions"]
    assert [entry["amount"] for entry in withdrawn] == [-1000]
    assert fresh.books()["eur"]["lost"] == 1000
    fresh.control(f"disputes/{made['dispute']}/close", outcome=outcome)
    assert fresh.receiver.of("charge.dispute.closed")["status"] == outcome
    assert fresh.books()["eur"]["lost"] == lost
    assert fresh.client.disputes.list({"payment_intent": intent}).data[0].status == outcome
    fresh.control(f"disputes/{made['dispute']}/close", 400, outcome="won")
