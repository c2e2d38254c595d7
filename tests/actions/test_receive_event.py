"""Webhooks: durable before they are understood, kept when they cannot be applied, refused when not Stripe's."""

import json
from typing import Any

import pytest

from chalicelib.inbox import rows as inbox
from chalicelib.kernel.failures import MOST_FAULTS
from chalicelib.kernel.table import Put, TableUnavailable
from tests.support.tables import Around
from tests.support.till import ADA, BEN, Till, one, raw

DONE = {"stored": True, "applied": True}
PENDING = {"stored": True, "applied": False}


def answered(reply: Any) -> tuple[int, Any]:
    return reply.status, reply.json


def untold(till: Till, **more: Any) -> dict[str, Any]:
    """The event that tells of a gift, not delivered yet."""
    return one(till.gives(**more), "checkout.session.completed")


# ---- as it should be ----


def test_a_gift_told_by_its_webhook_is_booked(till: Till) -> None:
    events = till.gives(1000)
    till.tell(events)
    books = till.books
    assert [(row["amount"], row["currency"], row["kind"]) for row in books.entries] == [(1000, "eur", "gift")]
    assert books.totals == {"eur": (1000, 1)}
    assert till.access().tier == "member"
    assert [mail.to for mail in till.post.sent] == [ADA]
    assert till.status(one(events, "checkout.session.completed")["id"]) == "applied"


def test_the_event_is_kept_as_it_was_signed(till: Till) -> None:
    event = untold(till)
    body = raw(event)
    till.post_raw(body)
    stored = inbox.read(till.table, event["id"])
    assert stored is not None
    assert (stored.body, stored.type) == (body, "checkout.session.completed")


def test_an_event_sent_again_and_again_is_answered_the_same(till: Till) -> None:
    event = untold(till)
    for _ in range(4):
        assert answered(till.deliver(event)) == (200, DONE)
    assert till.books.totals == {"eur": (1000, 1)}
    assert len(till.post.sent) == 1


# ---- P4: 2xx only once the event is durable ----


def test_an_event_that_cannot_be_stored_is_not_taken(till: Till) -> None:
    event, rows = untold(till), till.rows()

    def full(call: str, what: Any) -> None:
        if call == "write" and isinstance(what, Put) and what.item["pk"].startswith("EVT#"):
            raise TableUnavailable("injected")

    real = till.table
    till.table = Around(real, full)
    reply = till.deliver(event)
    assert (reply.status, reply.code) == (503, "event_not_stored")
    assert till.rows() == rows, "nothing was written"
    assert till.post.sent == []
    till.table = real
    assert answered(till.deliver(event)) == (200, DONE)
    assert till.books.totals == {"eur": (1000, 1)}


def test_an_event_that_is_stored_but_not_applied_is_taken(till: Till) -> None:
    event = untold(till)

    def later(call: str, _what: Any) -> None:
        if call == "transact":
            raise TableUnavailable("injected")

    real = till.table
    till.table = Around(real, later)
    assert answered(till.deliver(event)) == (200, PENDING)
    till.table = real
    assert till.status(event["id"]) == "pending"
    till.pass_time(600)
    assert till.sweeps()["applied"] == 1
    assert till.books.totals == {"eur": (1000, 1)}


# ---- P11: of another mode, account or product ----


def without(till: Till, prefix: str) -> list[Any]:
    return [row for row in till.rows() if not row["pk"].startswith(prefix)]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"livemode": True}, "ignored"),
        ({"account": "acct_1"}, "ignored"),
        ({"type": "review.opened"}, "unhandled"),
        ({"type": "checkout.session"}, "unhandled"),
        ({"type": "payment_link.created"}, "unhandled"),
    ],
)
def test_what_does_not_concern_us_is_recorded_and_changes_nothing(
    till: Till, change: dict[str, Any], status: str
) -> None:
    event = untold(till) | change
    before, calls = till.rows(), till.double.calls.total()
    assert answered(till.deliver(event)) == (200, DONE)
    assert without(till, "EVT#") == before
    assert till.status(event["id"]) == status
    assert till.double.calls.total() == calls, "Stripe is not even asked"
    till.pass_time(3600)
    assert till.sweeps() == {"events": 0, "applied": 0, "mails": 0, "sent": 0}


@pytest.mark.parametrize("interval", ["once", "month"])
@pytest.mark.parametrize(
    "metadata", [{"spilno": "other"}, {"spilno": ""}, {"spilno": "Test"}, {"shop": "1"}, {}, None]
)
def test_gifts_of_another_product_on_the_same_account_change_nothing(
    till: Till, interval: str, metadata: dict[str, str] | None
) -> None:
    events = till.gives(1000, interval)
    for kind in ("checkout.session", "payment_intent", "subscription"):
        for found in till.double.of(kind):
            till.double.account.put(found | {"metadata": metadata or {}})
    for invoice in till.double.of("invoice"):
        invoice["parent"]["subscription_details"]["metadata"] = metadata or {}
        till.double.account.put(invoice)
    before = till.rows()
    for event in events:
        told = json.loads(json.dumps(event))
        about = told["data"]["object"]
        if "metadata" in about and event["type"] != "customer.created":
            about["metadata"] = metadata
        if about["object"] == "invoice":
            about["parent"]["subscription_details"]["metadata"] = metadata
        reply = till.deliver(told)
        assert answered(reply) == (200, DONE), (event["type"], reply.text)
        assert till.status(event["id"]) in ("ignored", "unhandled", "foreign")
    assert without(till, "EVT#") == before
    assert not till.knows(ADA)


def test_the_same_events_with_our_mark_are_booked(till: Till) -> None:
    """The negative control of the two above."""
    till.tell(till.gives(1000, "month"))
    assert till.knows(ADA)
    assert till.books.totals == {"eur": (1000, 1)}


# ---- Stripe is away, and what cannot be applied ----


def test_an_event_waits_while_stripe_is_away_and_the_sweep_applies_it(till: Till) -> None:
    event = untold(till)
    till.double.down = True
    assert answered(till.deliver(event)) == (200, PENDING)
    assert answered(till.deliver(event)) == (200, PENDING), "sent again, it is still pending"
    assert till.books.entries == ()
    till.double.down = False
    assert till.sweeps()["events"] == 0, "not before it is due"
    till.pass_time(600)
    assert till.sweeps() == {"events": 1, "applied": 1, "mails": 0, "sent": 0}
    assert till.books.totals == {"eur": (1000, 1)}
    assert len(till.post.sent) == 1
    till.pass_time(6 * 3600)
    assert till.sweeps()["events"] == 0


def test_what_keeps_failing_is_parked_and_the_others_go_on(till: Till) -> None:
    poison, good = untold(till), untold(till, email=BEN)
    session = poison["data"]["object"]["id"]

    def ill(_name: str, answer: Any) -> Any:
        return answer | {"mode": None} if answer.get("id") == session else answer

    till.double.on_answer = ill
    assert answered(till.deliver(poison)) == (200, PENDING)
    assert answered(till.deliver(good)) == (200, DONE)
    tries = 1
    while till.status(poison["id"]) == "pending":
        till.pass_time(7 * 3600)
        swept = till.sweeps()
        assert (swept["events"], swept["applied"]) == (1, 0)
        tries += 1
    assert (tries, till.status(poison["id"])) == (MOST_FAULTS, "parked")
    till.pass_time(30 * 86_400)
    assert till.sweeps()["events"] == 0
    (waiting,) = inbox.waiting(till.table)
    assert (waiting["event"], waiting["status"], waiting["tries"]) == (poison["id"], "parked", MOST_FAULTS)
    assert waiting["why"] == "ValidationError"
    assert till.knows(BEN)
    assert not till.knows(ADA)

    till.double.on_answer = lambda _name, answer: answer
    assert inbox.retry(till.table, poison["id"], till.business)
    assert till.sweeps()["applied"] == 1
    assert till.books.totals == {"eur": (2000, 2)}
    assert not inbox.retry(till.table, poison["id"], till.business), "only what is parked can be brought back"
    assert inbox.waiting(till.table) == []


def test_a_parked_event_that_stripe_sends_again_is_applied(till: Till) -> None:
    event = untold(till)
    till.double.down = True
    till.deliver(event)
    while till.status(event["id"]) == "pending":
        till.pass_time(7 * 3600)
        till.sweeps()
    till.double.down = False
    assert answered(till.deliver(event)) == (200, DONE)
    assert till.status(event["id"]) == "applied"
    assert till.books.totals == {"eur": (1000, 1)}


@pytest.mark.parametrize(
    "fault", [TypeError("ours"), RecursionError("ours"), KeyError("ours"), AssertionError("ours")]
)
def test_a_fault_of_ours_leaves_the_event_pending(till: Till, fault: Exception) -> None:
    event = untold(till)

    def break_once(_name: str) -> None:
        till.double.on_call = lambda _name: None
        raise fault

    till.double.on_call = break_once
    assert answered(till.deliver(event)) == (200, PENDING)
    assert till.status(event["id"]) == "pending"
    assert till.books.entries == ()
    till.pass_time(600)
    assert till.sweeps()["applied"] == 1
    assert till.books.totals == {"eur": (1000, 1)}


def test_no_fault_in_noting_a_fault_stops_the_others(till: Till) -> None:
    first, second = untold(till), untold(till, email=BEN)
    till.double.down = True
    till.deliver(first)
    till.deliver(second)
    till.double.down = False
    real = till.table

    def ill(call: str, what: Any) -> None:
        if call == "get" and what == (f"EVT#{first['id']}", "EVT"):
            raise TableUnavailable("injected")

    till.table = Around(real, ill)
    till.pass_time(600)
    assert till.sweeps()["applied"] == 1
    till.table = real
    assert (till.status(first["id"]), till.status(second["id"])) == ("pending", "applied")


def test_money_that_names_nobody_waits_for_a_person(till: Till) -> None:
    """No customer, no address: there is nobody to book it for, and nobody may be made up."""
    event = untold(till)
    event["data"]["object"] |= {"customer": None, "customer_details": None, "customer_email": None}
    before = without(till, "EVT#")
    assert answered(till.deliver(event)) == (200, PENDING)
    assert without(till, "EVT#") == before
    (waiting,) = inbox.waiting(till.table)
    assert waiting["why"] == "NobodyNamed"
