"""How a gift was paid, and by whom, as the charge says it: kept with the entry, and never a reason not to book."""

from typing import Any

import pytest

from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rules.movements import MethodOfPayment
from chalicelib.rails.stripe.events.methods import method_of, payer_of
from chalicelib.rails.stripe.events.shapes import Charge
from testkit.harness import Harness


def charge(details: Any = None, name: Any = None) -> Charge:
    return Charge.model_validate({"id": "ch_1", "payment_method_details": details, "billing_details": {"name": name}})


@pytest.mark.parametrize(
    ("details", "method"),
    [
        ({"type": "card", "card": {"brand": "visa", "last4": "4242"}}, MethodOfPayment("card", "visa", "4242")),
        ({"type": "card", "card": {"brand": "unknown", "last4": "4242"}}, MethodOfPayment("card", None, "4242")),
        ({"type": "sepa_debit", "sepa_debit": {"last4": "3000"}}, MethodOfPayment("sepa_debit", None, "3000")),
        ({"type": "ideal", "ideal": {"iban_last4": "5264", "bank": "ing"}}, MethodOfPayment("ideal", None, "5264")),
        ({"type": "link", "link": {"country": "DE"}}, MethodOfPayment("link")),
        ({"type": "paypal", "paypal": {"payer_email": "x@y.example"}}, MethodOfPayment("paypal")),
        ({"type": "made_up_in_2027", "made_up_in_2027": 5}, MethodOfPayment("made_up_in_2027")),
        ({"type": "card", "card": {"brand": ["visa"], "last4": 4242}}, MethodOfPayment("card")),
        ({"type": "card"}, MethodOfPayment("card")),
        ({"type": "<script>"}, None),
        ({"type": 5}, None),
        ({}, None),
        ("card", None),
        (None, None),
    ],
)
def test_the_method_is_what_stripe_says_and_nothing_that_it_does_not_say_fails(
    details: Any, method: MethodOfPayment | None
) -> None:
    assert method_of(charge(details)) == method


@pytest.mark.parametrize(
    ("typed", "payer"),
    [
        ("Марія Коваленко", "Марія Коваленко"),
        ("  Марія\n\tКоваленко\u202e ", "Марія Коваленко"),
        ("A.Kovalenko", "A.Kovalenko"),
        ("x" * 300, "x" * 100),
        ("Win now https://bad.example", None),
        ("www.bad.example", None),
        ("bad.example/win", None),
        ("me@bad.example", None),
        ("", None),
        (7, None),
        (None, None),
    ],
)
def test_the_payers_name_is_one_line_and_no_link(typed: Any, payer: str | None) -> None:
    assert payer_of(charge(None, typed)) == payer


def test_paypals_name_stands_in_where_none_was_typed() -> None:
    details = {"type": "paypal", "paypal": {"payer_name": "Maria K."}}
    assert payer_of(charge(details)) == "Maria K."
    assert payer_of(charge(details, "Марія")) == "Марія"
    assert payer_of(None) is None
    assert method_of(None) is None


@pytest.mark.parametrize("interval", ["once", "month"])
def test_both_are_booked_with_the_entry(harness: Harness, interval: str) -> None:
    harness.tell(harness.gives(500, interval))
    stored = ledger.entry_of(harness.table, harness.stripe.of("payment_intent")[-1]["id"])
    assert stored
    said = harness.stripe.of("charge")[-1]
    card = said["payment_method_details"]["card"]
    assert stored.entry.movement.method == MethodOfPayment("card", card["brand"], card["last4"])
    assert stored.entry.movement.payer == said["billing_details"]["name"]


def said_so(answer: dict[str, Any], details: Any) -> dict[str, Any]:
    if isinstance(paid := answer.get("latest_charge"), dict):
        return answer | {"latest_charge": paid | {"payment_method_details": details, "billing_details": {"name": 7}}}
    return answer


@pytest.mark.parametrize("details", [None, 5, {"type": None}, {"type": "card", "card": None}])
def test_money_is_booked_however_it_was_paid(harness: Harness, details: Any) -> None:
    events = harness.gives(500)
    harness.stripe.on_answer = lambda _name, answer: said_so(answer, details)
    harness.tell(events)
    assert harness.books.totals == {"eur": (500, 1)}
    assert "payer" not in harness.books.entries[0]
    assert "method_last4" not in harness.books.entries[0]
