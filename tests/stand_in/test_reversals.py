"""Refunds and disputes move money on the books exactly once, and name what Stripe names."""

from typing import Any

import pytest
import stripe

from testkit.stand_in import Json, StandIn
from tests.stand_in.sessions import session_params


def _gift(stand_in: StandIn, mode: str = "payment", amount: int = 1000) -> Json:
    return stand_in.pay(stand_in.client.checkout.sessions.create(session_params(mode, amount=amount)).id)


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


def test_a_refund_may_take_its_time_and_then_arrive_or_fail(fresh: StandIn) -> None:
    intent = _gift(fresh)["payment_intent"]
    slow = fresh.control(f"payments/{intent}/refund", amount=400, pending=True)
    assert (slow["status"], fresh.books()["eur"]["refunded"]) == ("pending", 400)
    assert fresh.client.refunds.retrieve(slow["refund"]).pending_reason == "processing"
    fresh.control(f"refunds/{slow['refund']}/succeed")
    assert fresh.receiver.of("refund.updated")["status"] == "succeeded"
    fresh.control(f"refunds/{slow['refund']}/succeed", 400)
    lost = fresh.control(f"payments/{intent}/refund", amount=100, pending=True)
    fresh.control(f"refunds/{lost['refund']}/fail")
    assert fresh.receiver.of("refund.failed")["failure_reason"]
    assert fresh.books()["eur"]["refunded"] == 400
    dropped = fresh.control(f"payments/{intent}/refund", pending=True)
    assert fresh.client.refunds.cancel(dropped["refund"]).status == "canceled"
    assert fresh.books()["eur"]["refunded"] == 400
    assert fresh.client.charges.retrieve(dropped["charge"]).amount_refunded == 400


def test_a_refund_asked_for_twice_with_one_key_is_one(fresh: StandIn) -> None:
    intent = _gift(fresh)["payment_intent"]
    once: Any = {"params": {"payment_intent": intent, "amount": 300}, "options": {"idempotency_key": "refund:1"}}
    assert fresh.client.refunds.create(**once).id == fresh.client.refunds.create(**once).id
    assert fresh.books()["eur"]["refunded"] == 300


def test_an_inquiry_moves_no_money_until_it_is_escalated(fresh: StandIn) -> None:
    intent = _gift(fresh)["payment_intent"]
    asked = fresh.control(f"payments/{intent}/dispute", inquiry=True)
    assert (asked["status"], fresh.receiver.types()[-1]) == ("warning_needs_response", "charge.dispute.created")
    assert fresh.books()["eur"]["lost"] == 0
    fresh.control(f"disputes/{asked['dispute']}/escalate")
    assert fresh.receiver.types()[-2:] == ["charge.dispute.updated", "charge.dispute.funds_withdrawn"]
    assert fresh.receiver.of("charge.dispute.funds_withdrawn")["status"] == "needs_response"
    assert fresh.books()["eur"]["lost"] == 1000
    fresh.control(f"disputes/{asked['dispute']}/escalate", 400)


def test_an_inquiry_may_be_answered_refunded_and_closed(fresh: StandIn) -> None:
    intent = _gift(fresh)["payment_intent"]
    asked = fresh.control(f"payments/{intent}/dispute", inquiry=True)
    assert fresh.control(f"disputes/{asked['dispute']}/respond")["status"] == "warning_under_review"
    fresh.control(f"payments/{intent}/refund")
    fresh.control(f"disputes/{asked['dispute']}/escalate", 400)
    assert fresh.control(f"disputes/{asked['dispute']}/close", outcome="lost")["status"] == "warning_closed"
    assert (fresh.books()["eur"]["lost"], fresh.books()["eur"]["net"]) == (0, 0)


def test_a_chargeback_may_follow_an_inquiry_that_was_closed(fresh: StandIn) -> None:
    intent = _gift(fresh)["payment_intent"]
    asked = fresh.control(f"payments/{intent}/dispute", inquiry=True)["dispute"]
    fresh.control(f"payments/{intent}/dispute", 400)
    fresh.control(f"disputes/{asked}/close", outcome="won")
    fresh.control(f"payments/{intent}/early-fraud-warning")
    fresh.control(f"payments/{intent}/dispute")
    assert fresh.receiver.of("radar.early_fraud_warning.updated")["actionable"] is False
    assert len(fresh.client.disputes.list({"payment_intent": intent}).data) == 2
    assert fresh.books()["eur"]["lost"] == 1000
    fresh.control(f"payments/{intent}/dispute", 400)


def test_a_prevented_dispute_moves_nothing(fresh: StandIn) -> None:
    made = fresh.control(f"payments/{_gift(fresh)['payment_intent']}/dispute", prevented=True)
    assert (made["status"], fresh.books()["eur"]["lost"]) == ("prevented", 0)
    fresh.control(f"disputes/{made['dispute']}/close", 400, outcome="lost")


@pytest.mark.parametrize(("outcome", "lost"), [("won", 0), ("lost", 600)])
def test_a_lost_dispute_of_a_part_may_be_appealed(fresh: StandIn, outcome: str, lost: int) -> None:
    intent = _gift(fresh)["payment_intent"]
    made = fresh.control(f"payments/{intent}/dispute", amount=600)["dispute"]
    fresh.control(f"payments/{intent}/refund", 400)
    fresh.control(f"disputes/{made}/appeal", 400, outcome="won")
    assert fresh.client.disputes.close(made).status == "lost"
    assert fresh.books()["eur"]["lost"] == 600
    appealed = fresh.control(f"disputes/{made}/appeal", outcome=outcome)
    told = [event["type"].rpartition(".")[2] for event in appealed["events"]]
    assert told == (["updated", "funds_reinstated", "closed"] if outcome == "won" else ["updated", "closed"])
    assert fresh.receiver.of("charge.dispute.updated")["status"] == "appeal_under_review"
    assert fresh.receiver.of("charge.dispute.closed")["status"] == outcome
    assert fresh.books()["eur"]["lost"] == lost


def test_a_direct_debit_can_be_disputed_too(fresh: StandIn) -> None:
    made = fresh.client.checkout.sessions.create(session_params(amount=1000))
    paid = fresh.pay(made.id, "delayed")
    fresh.control(f"payments/{paid['payment_intent']}/settle")
    fresh.control(f"payments/{paid['payment_intent']}/dispute")
    assert fresh.receiver.of("charge.dispute.funds_withdrawn")["reason"] == "debit_not_authorized"


def test_a_fraud_warning_moves_nothing_and_is_settled_by_a_full_refund(fresh: StandIn) -> None:
    intent = _gift(fresh)["payment_intent"]
    warned = fresh.control(f"payments/{intent}/early-fraud-warning")["warning"]
    assert fresh.receiver.of("radar.early_fraud_warning.created")["payment_intent"] == intent
    fresh.control(f"payments/{intent}/refund")
    assert fresh.client.radar.early_fraud_warnings.retrieve(warned).actionable is False
    assert fresh.client.radar.early_fraud_warnings.list({"payment_intent": intent}).data[0].id == warned


def test_a_dispute_settles_in_another_currency_and_comes_back_in_part(fresh: StandIn) -> None:
    """25.00 EUR charged, 27.11 USD withdrawn, 9.80 USD reinstated: that is 9.04 of the 25.00."""
    intent = _gift(fresh, amount=2500)["payment_intent"]
    made = fresh.control(f"payments/{intent}/dispute", withdrawn={"amount": 2711, "currency": "usd"})["dispute"]
    fresh.control(f"disputes/{made}/close", 400, outcome="won", reinstated=2712)
    fresh.control(f"disputes/{made}/close", outcome="won", reinstated=980)
    told = fresh.receiver.of("charge.dispute.funds_reinstated")
    assert (told["amount"], told["currency"], told["status"]) == (2500, "eur", "won")
    moves = [(one["amount"], one["currency"], one["exchange_rate"]) for one in told["balance_transactions"]]
    assert moves == [(-2711, "usd", 1.0844), (980, "usd", 1.084071)]
    books = fresh.books()
    assert (books["eur"]["lost"], books["eur"]["net"], books["usd"]["fees"]) == (1596, 904, 2000)


def test_a_dispute_may_come_back_in_part_in_its_own_currency(fresh: StandIn) -> None:
    intent = _gift(fresh, amount=2500)["payment_intent"]
    made = fresh.control(f"payments/{intent}/dispute")["dispute"]
    fresh.control(f"disputes/{made}/close", outcome="lost")
    fresh.control(f"disputes/{made}/appeal", outcome="won", reinstated=1000)
    assert fresh.books()["eur"]["lost"] == 1500
