"""An event that tells of money which Stripe does not show yet is tried again: it needs no other event's help."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.checkouts.rules.wish import Wish
from chalicelib.kernel.failures import MOST_FAULTS
from testkit.harness import Harness
from testkit.reconciling import reconciles
from testkit.webhooks import Json, one

DAY = 86_400
OneOff = Callable[[Harness], Json]
Change = Callable[[str, Any], Any]


def shown_as(name: str, **other: Any) -> Change:
    """Stripe answers objects of this kind with other values."""
    return lambda kind, found: {**found, **other} if kind == name else found


def without_payments(name: str, found: Any) -> Any:
    return {**found, "payments": {"data": []}} if name == "invoice" else found


def still_open(name: str, found: Any) -> Any:
    return {**found, "status": "open", "amount_paid": 0} if name == "invoice" else found


def link_still_open(name: str, found: Any) -> Any:
    if name != "invoice":
        return found
    links = [{**link, "status": "open", "amount_paid": None} for link in found["payments"]["data"]]
    return {**found, "payments": {"data": links}}


NOT_RECEIVED = shown_as("payment_intent", amount_received=0, status="processing")


def waits(harness: Harness, event: Json) -> None:
    """The event is stored, taken, and not done; nothing is booked."""
    reply = harness.deliver(event)
    assert (reply.status, reply.json) == (200, {"stored": True, "applied": False})
    assert harness.status(event["id"]) == "pending"
    assert harness.books.entries == ()


def is_shown_now(harness: Harness, event: Json) -> None:
    """Stripe shows all; the sweep applies the event."""
    harness.stripe.on_answer = lambda _name, found: found
    harness.pass_time(3 * 60)
    harness.sweeps()
    assert harness.status(event["id"]) == "applied"


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param(without_payments, id="no payment named"),
        pytest.param(still_open, id="not paid yet"),
        pytest.param(link_still_open, id="payment still open"),
        pytest.param(NOT_RECEIVED, id="nothing received"),
    ],
)
@pytest.mark.parametrize("kind", ["invoice.paid", "invoice.payment_succeeded"])
def test_a_paid_invoice_without_its_payment_is_tried_until_it_is_booked(
    harness: Harness, shown: Change, kind: str
) -> None:
    paid = one(harness.gives(500, "month"), kind)
    harness.stripe.on_answer = shown
    waits(harness, paid)
    is_shown_now(harness, paid)
    assert harness.totals() == {"eur": (500, 1)}
    assert harness.access().tier == "member"


def test_a_renewal_without_its_payment_is_tried_until_it_is_booked(harness: Harness) -> None:
    harness.tell(harness.gives(500, "month"))
    gift = str(harness.stripe.of("subscription")[-1]["id"])
    renewed = one(harness.stripe.renew(gift), "invoice.paid")
    harness.pass_time(harness.stripe.account.seconds - harness.clock.business)
    harness.stripe.on_answer = without_payments
    assert harness.deliver(renewed).json == {"stored": True, "applied": False}
    is_shown_now(harness, renewed)
    assert harness.totals() == {"eur": (1000, 2)}


def paid_outside(name: str, found: Any) -> Any:
    """In cash: Stripe says so only where it is asked."""
    if name == "invoice_paid_off_stripe":
        return {**found, "amount_paid_off_stripe": found["amount_paid"]}
    return without_payments(name, found)


def paid_by_record(name: str, found: Any) -> Any:
    if name != "invoice":
        return found
    record = {"type": "payment_record", "payment_intent": None, "payment_record": "pr_1"}
    links = [{**link, "payment": record} for link in found["payments"]["data"]]
    return {**found, "payments": {"data": links}}


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        pytest.param(paid_outside, {}, id="a sum outside Stripe"),
        pytest.param(paid_by_record, {}, id="a payment outside Stripe"),
        pytest.param(without_payments, {"paid_out_of_band": True}, id="an older version's flag"),
        pytest.param(shown_as("invoice", amount_paid=0, payments={"data": []}), {"amount_paid": 0}, id="for nothing"),
    ],
)
def test_what_did_not_come_by_stripe_is_no_gift_and_done(harness: Harness, shown: Change, told: Json) -> None:
    """The negative control: an invoice that was settled in cash would be tried until a person is called."""
    paid = one(harness.gives(500, "month"), "invoice.paid")
    paid["data"]["object"] |= told
    harness.stripe.on_answer = shown
    harness.tell([paid])
    assert harness.books.entries == ()
    assert harness.access().tier == "member", "the invoice is paid all the same"


def test_what_came_partly_outside_stripe_is_tried_again(harness: Harness) -> None:
    paid = one(harness.gives(500, "month"), "invoice.paid")

    def partly(name: str, found: Any) -> Any:
        if name == "invoice_paid_off_stripe":
            return {**found, "amount_paid_off_stripe": 200}
        return without_payments(name, found)

    harness.stripe.on_answer = partly
    waits(harness, paid)


def one_off(harness: Harness) -> Json:
    return one(harness.gives(1000), "checkout.session.completed")


def debit(harness: Harness) -> Json:
    session = harness.starts(Wish(1000, "eur", "once"))
    harness.tell([one(harness.stripe.pay(session, "ada@reader.example", delayed=True), "checkout.session.completed")])
    return one(harness.stripe.settle(session), "checkout.session.async_payment_succeeded")


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param(NOT_RECEIVED, id="nothing received"),
        pytest.param(shown_as("checkout_session", payment_status="unpaid"), id="session unpaid"),
    ],
)
@pytest.mark.parametrize("gift", [one_off, debit], ids=["card", "debit"])
def test_a_paid_session_without_its_payment_is_tried_until_it_is_booked(
    harness: Harness, gift: OneOff, shown: Change
) -> None:
    event = gift(harness)
    harness.stripe.on_answer = shown
    waits(harness, event)
    is_shown_now(harness, event)
    assert harness.totals() == {"eur": (1000, 1)}


def test_the_reader_who_comes_back_meanwhile_is_not_turned_away(harness: Harness) -> None:
    event = one_off(harness)
    session = str(event["data"]["object"]["id"])
    harness.stripe.on_answer = NOT_RECEIVED
    waits(harness, event)
    assert harness.comes_back(session).checkout.status == "processing"
    is_shown_now(harness, event)
    assert harness.comes_back(session).checkout.status == "paid"


def test_the_first_recurring_payment_opens_at_once_and_is_booked_by_its_invoice(harness: Harness) -> None:
    events = harness.gives(500, "month")
    paid = one(events, "invoice.paid")
    harness.stripe.on_answer = without_payments
    harness.tell([one(events, "checkout.session.completed")])
    assert harness.access().tier == "member"
    waits(harness, paid)
    is_shown_now(harness, paid)
    assert harness.totals() == {"eur": (500, 1)}


@pytest.mark.parametrize(
    ("won", "kind"), [(None, "charge.dispute.funds_withdrawn"), (True, "charge.dispute.funds_reinstated")]
)
def test_a_dispute_that_moved_money_and_does_not_say_which_is_tried_again(
    harness: Harness, won: bool | None, kind: str
) -> None:
    harness.tell(harness.gives(1000))
    events = harness.stripe.bank_disputes(harness.stripe.of("payment_intent")[-1]["id"])
    if won:
        harness.tell(events)
        events = harness.stripe.bank_decides(harness.stripe.of("dispute")[-1]["id"], won=True)
    booked = len(harness.books.entries)
    event = one(events, kind)
    told = [line for line in event["data"]["object"]["balance_transactions"] if won and line["amount"] < 0]
    event["data"]["object"]["balance_transactions"] = told
    harness.stripe.on_answer = shown_as("dispute", balance_transactions=told)
    assert harness.deliver(event).json == {"stored": True, "applied": False}
    assert len(harness.books.entries) == booked
    is_shown_now(harness, event)
    assert len(harness.books.entries) == booked + 1


def test_one_that_is_never_shown_is_parked_for_a_person_and_the_rings_go_on(
    harness: Harness, alarms: list[str]
) -> None:
    paid = one(harness.gives(500, "month"), "invoice.paid")
    harness.stripe.on_answer = without_payments
    waits(harness, paid)
    for _ in range(MOST_FAULTS):
        harness.pass_time(6 * 3600 + 1)
        harness.sweeps()
    assert harness.status(paid["id"]) == "parked"
    assert any("event_parked" in alarm for alarm in alarms)
    assert reconciles(harness, ["money"]).failed == {}, "a line of the invoice's payment is booked as before"
    assert harness.access().tier == "member"
