"""Whose an object of Stripe's is, by what the table knows; and an event that booked nothing says so, too."""

import copy
from typing import Any

import pytest

from chalicelib.kernel import keys
from chalicelib.kernel.table import Put, Update
from chalicelib.rails.stripe.about import events_about, supporter_of
from chalicelib.supporters.rows import supporters
from testkit.harness import ADA, EMAIL_KEY, Harness
from testkit.webhooks import Json, one


def row(harness: Harness, event: Json) -> Any:
    found = harness.table.get(keys.event(event["id"]))
    assert found
    return found


def found(harness: Harness, **about: Any) -> str | None:
    return supporter_of(about, harness.table, EMAIL_KEY)


def test_an_invoice_of_something_else_books_nothing_and_is_a_known_payers_all_the_same(harness: Harness) -> None:
    events = harness.gives(500, "month")
    harness.tell(events)
    invoice = copy.deepcopy(one(events, "invoice.paid")["data"]["object"])
    invoice |= {"id": "in_other", "parent": None}
    event = {**one(events, "invoice.paid"), "id": "evt_other", "data": {"object": invoice}}
    harness.deliver(event)
    assert row(harness, event)["status"] == "ignored"
    assert row(harness, event)["supporter"] == harness.state().id
    assert "evt_other" in list(events_about(harness.table, harness.state().id))
    strangers = {**event, "id": "evt_strange", "data": {"object": {**invoice, "customer": "cus_strange"}}}
    harness.deliver(strangers)
    assert "supporter" not in row(harness, strangers)


def test_an_object_is_its_payments_its_customers_or_of_whom_we_noted(harness: Harness) -> None:
    harness.tell(harness.gives(1000))
    ada, payment = harness.state().id, harness.stripe.of("payment_intent")[-1]["id"]
    customer = next(r["pk"].removeprefix("CUS#") for r in harness.memory.rows() if r["sk"] == "CUS")
    harness.tell(harness.stripe.gives_back(payment, 300))
    refund = harness.stripe.of("refund")[-1]["id"]
    for about in (
        {"id": payment},
        {"id": "ch_1", "payment_intent": payment},
        {"id": "ch_1", "payment_intent": {"id": payment, "object": "payment_intent"}},
        {"id": "inpay_1", "payment": {"type": "payment_intent", "payment_intent": payment}},
        {"id": "issfr_1", "charge": {"id": "ch_1", "payment_intent": payment}},
        {"id": refund, "charge": "ch_1", "payment_intent": None},
        {"id": "dp_1", "charge": "ch_1", "balance_transactions": [{"id": "txn_no"}, {"id": "txn_1"}]},
        {"id": customer},
        {"id": "sub_1", "customer": customer},
        {"id": "in_1", "customer": {"id": customer}},
        {"id": "cs_1", "customer": None, "metadata": {"spilno": "test", "supporter": ada}},
    ):
        if "balance_transactions" in about:
            pk, sk = keys.movement("txn_1")
            harness.table.write(Put({"pk": pk, "sk": sk, "supporter": ada, "entry": "MONEY#"}))
        assert found(harness, **about) == ada, about
    assert supporters.read_state(harness.table, ada).version


@pytest.mark.parametrize(
    "about",
    [
        {},
        {"id": 7, "customer": ["cus"], "payment": "pi", "metadata": "no"},
        {"id": "pi_unknown", "customer": "cus_unknown"},
        {"id": "cs_1", "metadata": {"supporter": "nobody-we-know"}},
        {"id": "cs_1", "metadata": {"supporter": {"id": 1}}},
        {"id": "dp_1", "balance_transactions": "none"},
    ],
)
def test_who_is_not_known_is_nobody(harness: Harness, about: dict[str, Any]) -> None:
    harness.tell(harness.gives(1000))
    assert found(harness, **about) is None


def test_whoever_was_joined_to_another_is_the_other(harness: Harness) -> None:
    harness.tell(harness.gives(500, "month"))
    ada, other = harness.state().id, harness.supporter("old@reader.example")
    harness.table.write(Update(keys.standing(other), set={"version": 1, "epoch": 0, "moved_to": ada}))
    harness.table.write(Put({"pk": "CUS#cus_old", "sk": "CUS", "supporter": other}))
    assert found(harness, customer="cus_old") == ada == harness.state(ADA).id


def test_an_entry_that_cannot_be_read_is_somebodys_all_the_same(harness: Harness) -> None:
    harness.tell(harness.gives(1000))
    (entry,) = harness.books.entries
    harness.table.write(Update((entry["pk"], entry["sk"]), set={"amount": "ten"}))
    assert found(harness, id=entry["id"]) == harness.state().id
