"""What a raw event tells of money by its own words; and that a payload which does not say it accuses nobody."""

import json
from datetime import UTC
from typing import Any

import pytest

from chalicelib.kernel.moments import month_of
from chalicelib.rails.stripe.rail import StripeRail
from testkit.webhooks import Json

STRIPE = StripeRail()
SEPTEMBER = 1_790_000_000


def event(kind: str, about: Json) -> tuple[str, bytes]:
    whole = {"id": "evt_1", "type": kind, "livemode": False, "data": {"object": about}}
    return kind, json.dumps(whole).encode()


def session(**more: Any) -> Json:
    about = {"id": "cs_1", "object": "checkout.session", "mode": "payment", "payment_status": "paid"}
    return {**about, "livemode": False, "payment_intent": "pi_1", "amount_total": 500, "currency": "eur", **more}


def refund(**more: Any) -> Json:
    about = {"id": "re_1", "object": "refund", "amount": 300, "currency": "eur", "created": SEPTEMBER}
    return {**about, "status": "succeeded", "payment_intent": "pi_1", **more}


def dispute(*moved: Any, **more: Any) -> Json:
    about = {"id": "dp_1", "object": "dispute", "amount": 500, "currency": "eur", "status": "needs_response"}
    return {**about, "payment_intent": "pi_1", "balance_transactions": list(moved), **more}


def moved(amount: int, currency: str = "eur", name: str = "txn_1") -> Json:
    return {
        "id": name,
        "object": "balance_transaction",
        "amount": amount,
        "currency": currency,
        "created": SEPTEMBER,
    }


SETTLED_LATER = "checkout.session.async_payment_succeeded"
WITHDRAWN, REINSTATED = "charge.dispute.funds_withdrawn", "charge.dispute.funds_reinstated"
PAYMENT = {"id": "pi_1", "object": "payment_intent", "amount_received": 500, "currency": "eur", "created": SEPTEMBER}
LINK = {"object": "invoice_payment", "id": "inpay_1", "invoice": "in_1", "amount_paid": 500, "currency": "eur"}
BY_INTENT = {"type": "payment_intent", "payment_intent": "pi_1"}


@pytest.mark.parametrize(
    ("kind", "about", "expected"),
    [
        ("payment_intent.succeeded", {**PAYMENT, "livemode": False, "status": "succeeded"}, {"pi_1": 500}),
        ("checkout.session.completed", session(), {"pi_1": 500}),
        (SETTLED_LATER, session(), {"pi_1": 500}),
        ("checkout.session.completed", session(payment_status="unpaid"), {}),
        ("checkout.session.completed", session(mode="subscription", payment_intent=None), {}),
        ("checkout.session.completed", session(payment_status="no_payment_required", payment_intent=None), {}),
        ("invoice_payment.paid", {**LINK, "status": "paid", "payment": BY_INTENT}, {"pi_1": 500}),
        ("invoice_payment.paid", {**LINK, "status": "open", "payment": BY_INTENT}, {}),
        ("refund.created", refund(), {"re_1": -300}),
        ("refund.created", refund(status="pending"), {}),
        ("refund.updated", refund(status="pending", balance_transaction="txn_9"), {"re_1": -300}),
        ("refund.failed", refund(status="failed"), {"re_1": -300, "re_1:failed": 300}),
        ("refund.updated", refund(status="canceled"), {}),
        (
            "refund.updated",
            refund(status="canceled", balance_transaction="txn_9"),
            {"re_1": -300, "re_1:failed": 300},
        ),
        (WITHDRAWN, dispute(moved(-500)), {"txn_1": -500}),
        (WITHDRAWN, dispute(moved(-540, "usd")), {"txn_1": -500}),
        (REINSTATED, dispute(moved(-540, "usd"), moved(180, "usd", "txn_2")), {"txn_1": -500, "txn_2": 167}),
        (REINSTATED, dispute(moved(180, "usd", "txn_2"), moved(-540, "usd")), {"txn_1": -500, "txn_2": 167}),
    ],
)
def test_what_an_event_tells(kind: str, about: Json, expected: dict[str, int]) -> None:
    tellings = STRIPE.moved(*event(kind, about))
    assert tellings is not None
    assert {one.movement: one.amount for one in tellings} == expected
    assert {one.currency for one in tellings} <= {"eur"}
    assert {one.at and month_of(one.at, UTC) for one in tellings} <= {"2026-09", None}
    disputes = {one.movement: one.dispute for one in tellings if one.dispute}
    assert disputes == {name: "dp_1" for name in expected if name.startswith("txn_")}


@pytest.mark.parametrize(
    ("kind", "about"),
    [
        ("checkout.session.completed", session(payment_intent=None)),
        # An older session that Stripe converted: its amount is in the reader's currency.
        (
            "checkout.session.completed",
            session(currency_conversion={"amount_subtotal": 540, "source_currency": "usd"}),
        ),
        (WITHDRAWN, dispute("txn_1")),
        (REINSTATED, dispute(moved(-540, "usd"), "txn_2")),
        # Nothing says how much of the gift came back.
        (REINSTATED, dispute(moved(540, "usd"))),
        (WITHDRAWN, {"id": "dp_1"}),
        ("payment_intent.succeeded", {"id": "pi_1"}),
    ],
)
def test_a_payload_that_does_not_say_it_is_counted_and_accuses_nobody(kind: str, about: Json) -> None:
    assert STRIPE.moved(*event(kind, about)) is None


@pytest.mark.parametrize("body", [b"", b"\xff", b"[1]", b"null", b"{}"])
def test_what_is_no_event_is_counted_too(body: bytes) -> None:
    assert STRIPE.moved("refund.created", body) is None


@pytest.mark.parametrize(
    "kind", ["charge.refunded", "invoice.paid", "customer.subscription.updated", "charge.dispute.closed"]
)
def test_types_that_name_no_movement_are_not_asked(kind: str) -> None:
    assert not STRIPE.tells_of_money(kind)
