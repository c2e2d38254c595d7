"""Paying at the stand-in tells the same story, in the same order, as paying at Stripe."""

import pytest

from testkit.stand_in import CheckingClient, StandIn
from tests.stand_in.sessions import session_params


def test_a_one_off_gift_tells_five_events_and_names_one_payment(fresh: StandIn) -> None:
    session = fresh.client.checkout.sessions.create(session_params())
    assert session.url
    assert session.id in session.url
    paid = fresh.pay(session.id, email="olena@example.org")
    assert fresh.receiver.types() == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
        "charge.updated",
    ]
    done = fresh.receiver.of("checkout.session.completed")
    assert (done["payment_status"], done["amount_total"], done["payment_intent"]) == (
        "paid",
        500,
        paid["payment_intent"],
    )
    assert done["customer"] is None
    assert done["customer_details"]["email"] == "olena@example.org"
    intent = fresh.receiver.of("payment_intent.succeeded")
    assert intent["metadata"] == {"spilno": "demo"}
    assert "invoice" not in intent
    assert fresh.books() == {
        "eur": {"paid": 500, "refunded": 0, "lost": 0, "net": 500, "payments": 1, "fees": 33},
    }


def test_a_guest_becomes_a_customer_only_when_asked(shared: StandIn) -> None:
    session = shared.client.checkout.sessions.create(session_params(customer_creation="always"))
    paid = shared.pay(session.id, email="guest@example.org")
    assert shared.client.customers.retrieve(paid["customer"]).email == "guest@example.org"


def test_a_monthly_gift_tells_its_subscription_and_invoice_before_the_session(fresh: StandIn) -> None:
    session = fresh.client.checkout.sessions.create(session_params("subscription"))
    fresh.pay(session.id, email="olena@example.org")
    assert fresh.receiver.types() == [
        "customer.created",
        "customer.subscription.created",
        "invoice.created",
        "invoice.finalized",
        "invoice.paid",
        "invoice.payment_succeeded",
        "invoice_payment.paid",
        "payment_intent.created",
        "payment_intent.succeeded",
        "charge.succeeded",
        "checkout.session.completed",
        "charge.updated",
    ]
    created = {event["type"]: event["created"] for event in fresh.receiver.events}
    assert created["checkout.session.completed"] == created["customer.subscription.created"] + 1
    done = fresh.receiver.of("checkout.session.completed")
    assert done["payment_intent"] is None
    assert done["subscription"]


def test_what_is_gone_from_todays_version_is_not_sent(shared: StandIn) -> None:
    session = shared.client.checkout.sessions.create(session_params("subscription"))
    shared.pay(session.id)
    subscription = shared.receiver.of("customer.subscription.created")
    assert "current_period_end" not in subscription
    assert subscription["items"]["data"][0]["current_period_end"] > subscription["created"]
    invoice = shared.receiver.of("invoice.paid")
    assert not {"subscription", "charge", "payment_intent", "paid", "payments"} & set(invoice)
    parent = invoice["parent"]["subscription_details"]
    assert parent == {"metadata": {"spilno": "demo"}, "subscription": subscription["id"]}
    assert invoice["period_start"] == invoice["period_end"]
    assert invoice["lines"]["data"][0]["period"]["end"] == subscription["items"]["data"][0]["current_period_end"]
    charge = shared.receiver.of("charge.succeeded")
    assert "invoice" not in charge
    assert charge["metadata"] == {}


def test_a_declined_card_leaves_the_session_open_and_no_subscription(fresh: StandIn) -> None:
    session = fresh.client.checkout.sessions.create(session_params("subscription"))
    fresh.pay(session.id, "declines")
    fresh.pay(session.id, "declines")
    assert fresh.receiver.types().count("payment_intent.payment_failed") == 2
    assert fresh.receiver.types().count("payment_intent.created") == 1
    assert fresh.client.checkout.sessions.retrieve(session.id).status == "open"
    assert fresh.client.subscriptions.list({"status": "all"}).data == []
    assert fresh.books() == {}
    assert fresh.pay(session.id)["payment_status"] == "paid"
    assert fresh.books()["eur"]["paid"] == 500


@pytest.mark.parametrize("mode", ["payment", "subscription"])
@pytest.mark.parametrize(("ends", "status"), [("succeeds", "paid"), ("fails", "unpaid")])
def test_a_delayed_method_completes_unpaid_and_settles_later(
    shared: StandIn, mode: str, ends: str, status: str
) -> None:
    session = shared.client.checkout.sessions.create(session_params(mode))
    paid = shared.pay(session.id, "delayed", email="sepa@example.org")
    assert (paid["status"], paid["payment_status"]) == ("complete", "unpaid")
    before = shared.books().get("eur", {}).get("paid", 0)
    shared.control(f"payments/{paid['payment_intent']}/settle", outcome=ends)
    last = "succeeded" if ends == "succeeds" else "failed"
    assert shared.receiver.of(f"checkout.session.async_payment_{last}")["id"] == session.id
    assert shared.client.checkout.sessions.retrieve(session.id).payment_status == status
    assert shared.books().get("eur", {}).get("paid", 0) - before == (500 if ends == "succeeds" else 0)
    shared.control(f"payments/{paid['payment_intent']}/settle", 400, outcome=ends)


def test_lists_link_payments_to_what_they_paid_for(shared: StandIn) -> None:
    session = shared.client.checkout.sessions.create(session_params("subscription"))
    paid = shared.pay(session.id)
    intent, customer = paid["payment_intent"], paid["customer"]
    links = shared.client.invoice_payments.list({"payment": {"type": "payment_intent", "payment_intent": intent}})
    assert [link.invoice for link in links.data] == [paid["invoice"]]
    assert shared.client.invoice_payments.list({"invoice": paid["invoice"]}).data[0].payment.payment_intent == intent
    assert [one.id for one in shared.client.invoices.list({"subscription": paid["subscription"]}).data] == [
        paid["invoice"]
    ]
    assert [one.id for one in shared.client.subscriptions.list({"customer": customer}).data] == [paid["subscription"]]
    assert [one.id for one in shared.client.charges.list({"payment_intent": intent}).data] == [paid["charge"]]
    found = shared.client.checkout.sessions.list({"subscription": paid["subscription"]})
    assert [one.id for one in found.data] == [session.id]
    assert intent in [one.id for one in shared.client.payment_intents.list({"customer": customer}).data]


def test_expansion_embeds_objects_and_the_lists_that_are_only_there_when_asked(shared: StandIn) -> None:
    session = shared.client.checkout.sessions.create(session_params())
    shared.pay(session.id)
    full = shared.client.checkout.sessions.retrieve(
        session.id, {"expand": ["line_items", "payment_intent.latest_charge.balance_transaction"]}
    )
    assert full.line_items is not None
    assert full.line_items.data[0].amount_total == 500
    charge = full.payment_intent.latest_charge  # type: ignore[union-attr]  # expanded just above
    assert charge.balance_transaction.net == 467  # type: ignore[union-attr]  # the same
    monthly = shared.client.checkout.sessions.create(session_params("subscription"))
    paid = shared.pay(monthly.id)
    invoice = shared.client.invoices.retrieve(paid["invoice"], {"expand": ["payments.data.payment.payment_intent"]})
    assert invoice.payments is not None
    assert invoice.payments.data[0].payment.payment_intent.id == paid["payment_intent"]  # type: ignore[union-attr]
    off_stripe = shared.client.invoices.retrieve(paid["invoice"], {"expand": ["amount_paid_off_stripe"]})
    assert off_stripe.amount_paid_off_stripe == 0


def test_the_checks_on_answers_did_run(shared: StandIn) -> None:
    before = CheckingClient.checked
    shared.client.events.list({"limit": 1})
    assert CheckingClient.checked == before + 1


def test_a_mark_may_stand_on_the_session_alone(shared: StandIn) -> None:
    params = session_params("subscription", subscription_data={"description": "Gift"})
    paid = shared.pay(shared.client.checkout.sessions.create(params).id)
    assert shared.receiver.of("checkout.session.completed")["metadata"] == {"spilno": "demo"}
    assert shared.client.subscriptions.retrieve(paid["subscription"]).to_dict()["metadata"] == {}
    invoice = shared.client.invoices.retrieve(paid["invoice"]).to_dict()
    assert invoice["parent"]["subscription_details"]["metadata"] == {}
