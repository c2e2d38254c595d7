"""A gift is what was received: what is only said to be paid is none yet, and many refunds are booked one by one."""

from typing import Any

import pytest

from localdev.stripe import billing, collecting
from testkit.harness import Harness
from testkit.tables import Around
from testkit.webhooks import Json, one


def without_money(harness: Harness) -> None:
    """Stripe says that the session is paid while its payment has received nothing yet."""

    def answer(name: str, found: Any) -> Any:
        if name == "payment_intent":
            return {**found, "amount_received": 0, "status": "processing"}
        return found

    harness.stripe.on_answer = answer


def test_a_session_that_is_paid_before_its_payment_is_no_gift_of_zero(harness: Harness) -> None:
    events = harness.gives(1000)
    without_money(harness)
    assert not harness.deliver(one(events, "checkout.session.completed")).json["applied"], "it is tried again"
    assert harness.books.entries == ()
    harness.stripe.on_answer = lambda _name, found: found
    harness.tell([one(events, "payment_intent.succeeded")])
    assert harness.totals() == {"eur": (1000, 1)}
    assert harness.access().tier == "member"


def test_nor_does_the_page_say_that_it_is_paid(harness: Harness) -> None:
    harness.gives(1000)
    session = str(harness.stripe.of("checkout.session")[-1]["id"])
    without_money(harness)
    assert harness.comes_back(session).checkout.status == "processing"
    harness.stripe.on_answer = lambda _name, found: found
    assert harness.comes_back(session).checkout.status == "paid"
    assert harness.totals() == {"eur": (1000, 1)}


def test_an_invoice_that_is_paid_before_its_payment_is_no_gift_of_zero(harness: Harness) -> None:
    events = harness.gives(500, "month")
    without_money(harness)
    assert not harness.deliver(one(events, "invoice.paid")).json["applied"], "it is tried again"
    assert harness.books.entries == ()
    harness.stripe.on_answer = lambda _name, found: found
    harness.tell(events)
    assert harness.totals() == {"eur": (500, 1)}


@pytest.mark.parametrize("linked", [None, 900])
def test_a_link_that_names_no_amount_or_more_than_came_books_what_came(harness: Harness, linked: int | None) -> None:
    events = harness.gives(500, "month")

    def answer(name: str, found: Any) -> Any:
        if name != "invoice":
            return found
        links = [{**link, "amount_paid": linked} for link in found["payments"]["data"]]
        return {**found, "payments": {**found["payments"], "data": links}}

    harness.stripe.on_answer = answer
    harness.tell(events)
    assert harness.totals() == {"eur": (500, 1)}


@pytest.mark.parametrize("interval", ["once", "month"])
def test_a_charge_with_seventy_refunds_that_nobody_told_of_is_booked_whole(harness: Harness, interval: str) -> None:
    """More than one transaction can hold: 70 refunds are 140 rows, and as many mails."""
    events = harness.gives(10_000, interval)
    payment = str(harness.stripe.of("payment_intent")[-1]["id"])
    refunded: list[Json] = []
    for number in range(70):
        refunded += harness.stripe.gives_back(payment, 100 + number)
    last = [event for event in refunded if event["type"] == "charge.refunded"][-1]
    harness.tell([last, *events, last])
    back = sum(int(entry["amount"]) for entry in harness.books.entries if entry["kind"] == "refund")
    assert back == -sum(100 + number for number in range(70))
    assert harness.status(last["id"]) == "applied"
    (reversal,) = harness.state().standing.reversals
    assert reversal.refunded == -back


def test_a_crash_between_two_parts_is_made_good_by_the_next_telling(harness: Harness) -> None:
    events = harness.gives(10_000)
    harness.tell(events)
    payment = str(harness.stripe.of("payment_intent")[-1]["id"])
    refunded = [event for number in range(25) for event in harness.stripe.gives_back(payment, 100 + number)]
    last = [event for event in refunded if event["type"] == "charge.refunded"][-1]
    calls: list[int] = []

    def second_one_fails(call: str, what: Any) -> None:
        if call == "transact":
            calls.append(len(what))
            if len(calls) == 2:
                raise RuntimeError("the process died")

    harness.table = Around(harness.stored, second_one_fails)
    assert harness.deliver(last).json == {"stored": True, "applied": False}
    booked = len(harness.books.entries)
    assert 1 < booked < 26
    harness.table = harness.stored
    harness.sweeps()
    harness.pass_time(3600)
    harness.sweeps()
    assert len(harness.books.entries) == 26
    assert max(calls) <= 100


def test_a_payment_that_was_refused_at_first_is_of_the_day_on_which_it_was_taken(harness: Harness) -> None:
    """Its PaymentIntent is of the first try: a receipt would name that day, a statement the year before."""
    harness.tell(harness.gives(500, "month"))
    gift = str(harness.stripe.of("subscription")[-1]["id"])
    harness.tell(harness.stripe.renew(gift, fails=True))
    refused = harness.stripe.account.seconds
    harness.pass_time(refused - harness.clock.business + 5 * 86_400)
    harness.stripe.happens(lambda it: collecting.tell_next(it, gift, "succeeds"))
    harness.tell(harness.stripe.happens(lambda it: billing.retry(it, gift)))
    intent = harness.stripe.of("payment_intent")[-1]
    assert intent["created"] == refused, "what Stripe says of the payment"
    (entry,) = [row for row in harness.books.entries if row["id"] == intent["id"]]
    assert entry["occurred_at"] == refused + 5 * 86_400
