"""Every movement has its balance transaction, as Stripe makes them, and the books are their sum."""

from typing import Any

import pytest

from testkit.stand_in import Json, StandIn
from tests.stand_in.sessions import session_params


def _gift(stand_in: StandIn, mode: str = "payment", outcome: str = "succeeds", **more: Any) -> Json:
    return stand_in.pay(stand_in.client.checkout.sessions.create(session_params(mode, **more)).id, outcome)


def _balance(stand_in: StandIn) -> list[Json]:
    """All balance transactions, oldest first."""
    found = stand_in.client.balance_transactions.list({"limit": 100}).auto_paging_iter()
    return [one.to_dict() for one in found][::-1]


def test_each_movement_is_on_the_balance_once(fresh: StandIn) -> None:
    """A refund that fails, a dispute that is won: six movements, each with its source."""
    intent = _gift(fresh, amount=1000)["payment_intent"]
    refunded = fresh.control(f"payments/{intent}/refund", amount=400)["refund"]
    fresh.control(f"refunds/{refunded}/fail")
    disputed = fresh.control(f"payments/{intent}/dispute")["dispute"]
    fresh.control(f"disputes/{disputed}/close", outcome="won")
    entries = _balance(fresh)
    assert [(one["type"], one["reporting_category"], one["amount"]) for one in entries] == [
        ("charge", "charge", 1000),
        ("refund", "refund", -400),
        ("refund_failure", "refund_failure", 400),
        ("adjustment", "dispute", -1000),
        ("adjustment", "dispute_reversal", 1000),
    ]
    assert [one["source"][:3] for one in entries] == ["ch_", "re_", "re_", "dp_", "dp_"]
    assert all(one["net"] == one["amount"] - one["fee"] for one in entries)
    known = fresh.client.refunds.retrieve(refunded)
    assert (known.balance_transaction, known.failure_balance_transaction) == (entries[1]["id"], entries[2]["id"])
    assert [one.id for one in fresh.client.disputes.retrieve(disputed).balance_transactions] == [
        entries[3]["id"],
        entries[4]["id"],
    ]
    assert fresh.books()["eur"] == {
        "paid": 1000,
        "refunded": 0,
        "lost": 0,
        "net": 1000,
        "payments": 1,
        "fees": sum(one["fee"] for one in entries),
    }


def test_the_balance_is_listed_by_type_source_and_time_in_pages_both_ways(fresh: StandIn) -> None:
    intents = [_gift(fresh, amount=500 + number)["payment_intent"] for number in range(4)]
    fresh.control(f"payments/{intents[0]}/refund")
    everything = [one["id"] for one in _balance(fresh)][::-1]
    assert len(everything) == 5
    client = fresh.client.balance_transactions
    paged = [one.id for one in client.list({"limit": 2}).auto_paging_iter()]
    assert paged == everything
    back = client.list({"limit": 2, "ending_before": everything[4]})
    assert ([one.id for one in back.data], back.has_more) == (everything[2:4], True)
    assert [one.amount for one in client.list({"type": "refund"}).data] == [-500]
    charge = str(fresh.client.payment_intents.retrieve(intents[1]).latest_charge)
    assert [one.amount for one in client.list({"source": charge}).data] == [501]
    created = client.retrieve(everything[0]).created
    assert len(client.list({"created": {"gte": created - 60}}).data) == 5
    assert client.list({"created": {"gt": created + 60}}).data == []
    sources = client.list({"limit": 5, "expand": ["data.source"]}).data
    assert {one.source["object"] for one in sources} == {"charge", "refund"}  # type: ignore[index]


def test_a_payments_fee_is_found_from_its_intent(fresh: StandIn) -> None:
    refunded = fresh.control(f"payments/{_gift(fresh)['payment_intent']}/refund")["refund"]
    unfailed: Any = {"expand": ["failure_balance_transaction"]}
    assert "failure_balance_transaction" not in fresh.client.refunds.retrieve(refunded, unfailed).to_dict()
    intent = _gift(fresh, amount=1000)["payment_intent"]
    found: Any = fresh.client.payment_intents.retrieve(intent, {"expand": ["latest_charge.balance_transaction"]})
    assert found.latest_charge.balance_transaction.fee == 40
    charge: Any = fresh.client.charges.retrieve(found.latest_charge.id, {"expand": ["balance_transaction"]})
    assert charge.balance_transaction.net == 960


def test_a_delayed_payment_is_on_the_balance_once_it_settles(fresh: StandIn) -> None:
    paid = _gift(fresh, outcome="delayed", amount=1000)
    assert fresh.client.charges.retrieve(paid["charge"]).balance_transaction is None
    assert _balance(fresh) == []
    fresh.control(f"payments/{paid['payment_intent']}/settle", outcome="succeeds")
    fresh.control(f"payments/{paid['payment_intent']}/refund", amount=300)
    assert [one["type"] for one in _balance(fresh)] == ["payment", "payment_refund"]
    assert fresh.books()["eur"]["net"] == 700


@pytest.mark.parametrize(("mode", "known_at_once", "told_later"), [("after", False, True), ("at_once", True, False)])
def test_a_charge_is_booked_with_its_success_or_a_moment_later(
    fresh: StandIn, mode: str, known_at_once: bool, told_later: bool
) -> None:
    fresh.control("bookings", mode=mode)
    _gift(fresh)
    assert (fresh.receiver.of("charge.succeeded")["balance_transaction"] is not None) is known_at_once
    assert ("charge.updated" in fresh.receiver.types()) is told_later
    assert fresh.books()["eur"]["payments"] == 1


def test_a_charge_may_be_booked_an_hour_later(fresh: StandIn) -> None:
    fresh.control("bookings", mode="hour_later")
    _gift(fresh)
    assert _balance(fresh) == []
    fresh.control("clock/advance", hours=2)
    assert fresh.receiver.of("charge.updated")["balance_transaction"] == _balance(fresh)[0]["id"]


def test_money_may_settle_in_another_currency_than_it_was_charged_in(fresh: StandIn) -> None:
    """The books keep to what was charged; only fees are in what arrives."""
    fresh.control("settlement", currency="eur")
    intent = _gift(fresh, amount=50_000, currency="uah")["payment_intent"]
    fresh.control(f"payments/{intent}/refund", amount=10_000)
    paid, refunded = _balance(fresh)
    assert (paid["amount"], paid["currency"], paid["exchange_rate"]) == (1025, "eur", 0.0205)
    assert (refunded["amount"], refunded["currency"]) == (-205, "eur")
    books = fresh.books()
    assert (books["uah"]["paid"], books["uah"]["refunded"], books["uah"]["net"]) == (50_000, 10_000, 40_000)
    assert (books["eur"]["paid"], books["eur"]["fees"]) == (0, paid["fee"])
    fresh.control("settlement", 400, currency="xyz")
    fresh.control("settlement")
    _gift(fresh, amount=50_000, currency="uah")
    assert _balance(fresh)[-1]["currency"] == "uah"


def test_yen_convert_between_units_of_different_size(fresh: StandIn) -> None:
    fresh.control("settlement", currency="eur")
    _gift(fresh, amount=1000, currency="jpy")
    assert _balance(fresh)[0]["amount"] == 610


def test_adaptive_pricing_shows_one_amount_and_settles_another(fresh: StandIn) -> None:
    made = fresh.client.checkout.sessions.create(session_params("subscription", amount=1000))
    shown = {"amount": 4300, "currency": "pln"}
    paid = fresh.pay(made.id, presentment=shown)
    details = {"presentment_amount": 4300, "presentment_currency": "pln"}
    completed = fresh.receiver.of("checkout.session.completed")
    assert (completed["amount_total"], completed["currency"], completed["presentment_details"]) == (
        1000,
        "eur",
        details,
    )
    assert fresh.receiver.of("charge.succeeded")["presentment_details"] == details
    assert fresh.receiver.of("payment_intent.succeeded")["presentment_details"] == details
    assert fresh.receiver.of("customer.subscription.created")["presentment_details"] == {
        "presentment_currency": "pln"
    }
    fresh.control(f"payments/{paid['payment_intent']}/refund", amount=500)
    assert fresh.receiver.of("refund.created")["presentment_details"]["presentment_amount"] == 2150
