"""A gift is what was received: what is only said to be paid is none yet, and many refunds are booked one by one."""

from typing import Any

import pytest

from tests.support.till import Json, Till, one


def without_money(till: Till) -> None:
    """Stripe says that the session is paid while its payment has received nothing yet."""

    def answer(name: str, found: Any) -> Any:
        if name == "payment_intent":
            return {**found, "amount_received": 0, "status": "processing"}
        return found

    till.double.on_answer = answer


def test_a_session_that_is_paid_before_its_payment_is_no_gift_of_zero(till: Till) -> None:
    events = till.gives(1000)
    without_money(till)
    till.tell([one(events, "checkout.session.completed")])
    assert till.books.entries == ()
    assert till.books.mails == (f"{till.double.of('checkout.session')[-1]['id']}:processing",)
    till.double.on_answer = lambda _name, found: found
    till.tell([one(events, "payment_intent.succeeded")])
    assert till.totals() == {"eur": (1000, 1)}
    assert till.access().tier == "member"


def test_nor_does_the_page_say_that_it_is_paid(till: Till) -> None:
    till.gives(1000)
    session = str(till.double.of("checkout.session")[-1]["id"])
    without_money(till)
    assert till.comes_back(session).checkout.status == "processing"
    till.double.on_answer = lambda _name, found: found
    assert till.comes_back(session).checkout.status == "paid"
    assert till.totals() == {"eur": (1000, 1)}


def test_an_invoice_that_is_paid_before_its_payment_is_no_gift_of_zero(till: Till) -> None:
    events = till.gives(500, "month")
    without_money(till)
    till.tell([one(events, "invoice.paid")])
    assert till.books.entries == ()
    till.double.on_answer = lambda _name, found: found
    till.tell(events)
    assert till.totals() == {"eur": (500, 1)}


@pytest.mark.parametrize("linked", [None, 900])
def test_a_link_that_names_no_amount_or_more_than_came_books_what_came(till: Till, linked: int | None) -> None:
    events = till.gives(500, "month")

    def answer(name: str, found: Any) -> Any:
        if name != "invoice":
            return found
        links = [{**link, "amount_paid": linked} for link in found["payments"]["data"]]
        return {**found, "payments": {**found["payments"], "data": links}}

    till.double.on_answer = answer
    till.tell(events)
    assert till.totals() == {"eur": (500, 1)}


@pytest.mark.parametrize("interval", ["once", "month"])
def test_a_charge_with_seventy_refunds_that_nobody_told_of_is_booked_whole(till: Till, interval: str) -> None:
    """More than one transaction can hold: 70 refunds are 140 rows, and as many mails."""
    events = till.gives(10_000, interval)
    payment = str(till.double.of("payment_intent")[-1]["id"])
    refunded: list[Json] = []
    for number in range(70):
        refunded += till.double.gives_back(payment, 100 + number)
    last = [event for event in refunded if event["type"] == "charge.refunded"][-1]
    till.tell([last, *events, last])
    back = sum(int(entry["amount"]) for entry in till.books.entries if entry["kind"] == "refund")
    assert back == -sum(100 + number for number in range(70))
    assert till.status(last["id"]) == "applied"
    (reversal,) = till.state().standing.reversals
    assert reversal.refunded == -back


def test_a_crash_between_two_parts_is_made_good_by_the_next_telling(till: Till) -> None:
    events = till.gives(10_000)
    till.tell(events)
    payment = str(till.double.of("payment_intent")[-1]["id"])
    refunded = [event for number in range(25) for event in till.double.gives_back(payment, 100 + number)]
    last = [event for event in refunded if event["type"] == "charge.refunded"][-1]
    transact, calls = till.memory.transact, []  # type: ignore[attr-defined] # of the till in memory

    def third_time_fails(changes: Any) -> None:
        calls.append(len(changes))
        if len(calls) == 2:
            raise RuntimeError("the process died")
        transact(changes)

    till.memory.transact = third_time_fails  # type: ignore[attr-defined] # of the till in memory
    assert till.deliver(last).json == {"stored": True, "applied": False}
    booked = len(till.books.entries)
    assert 1 < booked < 26
    del till.memory.transact  # type: ignore[attr-defined] # of the till in memory
    till.sweeps()
    till.pass_time(3600)
    till.sweeps()
    assert len(till.books.entries) == 26
    assert max(calls) <= 100
