"""Webhooks: durable before they are understood, kept when they cannot be applied, refused when not Stripe's."""

import json
from typing import Any

import pytest

from chalicelib.inbox import rows as inbox
from chalicelib.kernel.failures import MOST_FAULTS
from chalicelib.kernel.table import Put, TableUnavailable
from testkit.erasing import found as traces
from testkit.harness import ADA, BEN, Harness
from testkit.receiving import DONE, PENDING, answered, untold
from testkit.tables import Around
from testkit.webhooks import one, raw

# ---- as it should be ----


def test_a_gift_told_by_its_webhook_is_booked(harness: Harness) -> None:
    events = harness.gives(1000)
    harness.tell(events)
    books = harness.books
    assert [(row["amount"], row["currency"], row["kind"]) for row in books.entries] == [(1000, "eur", "gift")]
    assert books.totals == {"eur": (1000, 1)}
    assert harness.access().tier == "member"
    assert [mail.to for mail in harness.mails.sent] == [ADA]
    assert harness.status(one(events, "checkout.session.completed")["id"]) == "applied"


def test_the_event_is_kept_as_it_was_signed(harness: Harness) -> None:
    event = untold(harness)
    body = raw(event)
    harness.post_raw(body)
    stored = inbox.read(harness.table, event["id"])
    assert stored is not None
    assert (stored.body, stored.type) == (body, "checkout.session.completed")


def test_an_event_sent_again_and_again_is_answered_the_same(harness: Harness) -> None:
    event = untold(harness)
    for _ in range(4):
        assert answered(harness.deliver(event)) == (200, DONE)
    assert harness.books.totals == {"eur": (1000, 1)}
    assert len(harness.mails.sent) == 1


# ---- P4: 2xx only once the event is durable ----


def test_an_event_that_cannot_be_stored_is_not_taken(harness: Harness) -> None:
    event, rows = untold(harness), harness.rows()

    def full(call: str, what: Any) -> None:
        if call == "write" and isinstance(what, Put) and what.item["pk"].startswith("EVT#"):
            raise TableUnavailable("injected")

    real = harness.table
    harness.table = Around(real, full)
    reply = harness.deliver(event)
    assert (reply.status, reply.code) == (503, "event_not_stored")
    assert harness.rows() == rows, "nothing was written"
    assert harness.mails.sent == []
    harness.table = real
    assert answered(harness.deliver(event)) == (200, DONE)
    assert harness.books.totals == {"eur": (1000, 1)}


def test_an_event_that_is_stored_but_not_applied_is_taken(harness: Harness) -> None:
    event = untold(harness)

    def later(call: str, _what: Any) -> None:
        if call == "transact":
            raise TableUnavailable("injected")

    real = harness.table
    harness.table = Around(real, later)
    assert answered(harness.deliver(event)) == (200, PENDING)
    harness.table = real
    assert harness.status(event["id"]) == "pending"
    harness.pass_time(600)
    assert harness.sweeps()["applied"] == 1
    assert harness.books.totals == {"eur": (1000, 1)}


# ---- P11: of another mode, account or product ----


def without(harness: Harness, prefix: str) -> list[Any]:
    return [row for row in harness.rows() if not row["pk"].startswith(prefix)]


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
    harness: Harness, change: dict[str, Any], status: str
) -> None:
    event = untold(harness) | change
    before, calls = harness.rows(), harness.stripe.calls.total()
    assert answered(harness.deliver(event)) == (200, DONE)
    assert without(harness, "EVT#") == before
    assert harness.status(event["id"]) == status
    assert harness.stripe.calls.total() == calls, "Stripe is not even asked"
    harness.pass_time(3600)
    assert harness.sweeps() == {"events": 0, "applied": 0, "mails": 0, "sent": 0}


@pytest.mark.parametrize("change", [{"livemode": True}, {"account": "acct_1"}])
def test_of_what_never_concerns_us_no_person_is_kept(harness: Harness, change: dict[str, Any]) -> None:
    """Nothing of ours would lead to it when its person is erased."""
    event = untold(harness)
    told = json.loads(json.dumps(event)) | change
    told["data"]["object"] |= {"customer": "cus_canary", "customer_details": {"email": ADA, "name": "Canary"}}
    for _ in range(2):  # and again, as Stripe does
        assert answered(harness.deliver(told)) == (200, DONE)
    (row,) = [one for one in harness.kinds("EVT") if one["pk"] == f"EVT#{event['id']}"]
    assert traces([row], [ADA, "canary"]) == []
    assert inbox.object_of(row)["object"] == "checkout.session", "what it was about is still told"


@pytest.mark.parametrize("interval", ["once", "month"])
@pytest.mark.parametrize(
    "metadata", [{"spilno": "other"}, {"spilno": ""}, {"spilno": "Test"}, {"shop": "1"}, {}, None]
)
def test_gifts_of_another_product_on_the_same_account_change_nothing(
    harness: Harness, interval: str, metadata: dict[str, str] | None
) -> None:
    events = harness.gives(1000, interval)
    for kind in ("checkout.session", "payment_intent", "subscription"):
        for found in harness.stripe.of(kind):
            harness.stripe.account.put(found | {"metadata": metadata or {}})
    for invoice in harness.stripe.of("invoice"):
        invoice["parent"]["subscription_details"]["metadata"] = metadata or {}
        harness.stripe.account.put(invoice)
    before = harness.rows()
    for event in events:
        told = json.loads(json.dumps(event))
        about = told["data"]["object"]
        if "metadata" in about and event["type"] != "customer.created":
            about["metadata"] = metadata
        if about["object"] == "invoice":
            about["parent"]["subscription_details"]["metadata"] = metadata
        reply = harness.deliver(told)
        assert answered(reply) == (200, DONE), (event["type"], reply.text)
        assert harness.status(event["id"]) in ("ignored", "unhandled", "foreign")
    assert without(harness, "EVT#") == before
    assert not harness.knows(ADA)


def test_the_same_events_with_our_mark_are_booked(harness: Harness) -> None:
    """The negative control of the two above."""
    harness.tell(harness.gives(1000, "month"))
    assert harness.knows(ADA)
    assert harness.books.totals == {"eur": (1000, 1)}


# ---- Stripe is away, and what cannot be applied ----


def test_an_event_waits_while_stripe_is_away_and_the_sweep_applies_it(harness: Harness) -> None:
    event = untold(harness)
    harness.stripe.down = True
    assert answered(harness.deliver(event)) == (200, PENDING)
    assert answered(harness.deliver(event)) == (200, PENDING), "sent again, it is still pending"
    assert harness.books.entries == ()
    harness.stripe.down = False
    assert harness.sweeps()["events"] == 0, "not before it is due"
    harness.pass_time(600)
    assert harness.sweeps() == {"events": 1, "applied": 1, "mails": 0, "sent": 0}
    assert harness.books.totals == {"eur": (1000, 1)}
    assert len(harness.mails.sent) == 1
    harness.pass_time(6 * 3600)
    assert harness.sweeps()["events"] == 0


def test_what_keeps_failing_is_parked_and_the_others_go_on(harness: Harness) -> None:
    poison, good = untold(harness), untold(harness, email=BEN)
    session = poison["data"]["object"]["id"]

    def ill(_name: str, answer: Any) -> Any:
        return answer | {"mode": None} if answer.get("id") == session else answer

    harness.stripe.on_answer = ill
    assert answered(harness.deliver(poison)) == (200, PENDING)
    assert answered(harness.deliver(good)) == (200, DONE)
    tries = 1
    while harness.status(poison["id"]) == "pending":
        harness.pass_time(7 * 3600)
        swept = harness.sweeps()
        assert (swept["events"], swept["applied"]) == (1, 0)
        tries += 1
    assert (tries, harness.status(poison["id"])) == (MOST_FAULTS, "parked")
    harness.pass_time(30 * 86_400)
    assert harness.sweeps()["events"] == 0
    (waiting,) = inbox.waiting(harness.table)
    assert (waiting["event"], waiting["status"], waiting["tries"]) == (poison["id"], "parked", MOST_FAULTS)
    assert waiting["why"] == "ValidationError"
    assert harness.knows(BEN)
    assert not harness.knows(ADA)

    harness.stripe.on_answer = lambda _name, answer: answer
    assert inbox.retry(harness.table, poison["id"], harness.now())
    assert harness.sweeps()["applied"] == 1
    assert harness.books.totals == {"eur": (2000, 2)}
    assert not inbox.retry(harness.table, poison["id"], harness.now()), "only what is parked can be brought back"
    assert inbox.waiting(harness.table) == []


def test_a_parked_event_that_stripe_sends_again_is_applied(harness: Harness) -> None:
    event = untold(harness)
    harness.stripe.down = True
    harness.deliver(event)
    while harness.status(event["id"]) == "pending":
        harness.pass_time(7 * 3600)
        harness.sweeps()
    harness.stripe.down = False
    assert answered(harness.deliver(event)) == (200, DONE)
    assert harness.status(event["id"]) == "applied"
    assert harness.books.totals == {"eur": (1000, 1)}


@pytest.mark.parametrize(
    "fault", [TypeError("ours"), RecursionError("ours"), KeyError("ours"), AssertionError("ours")]
)
def test_a_fault_of_ours_leaves_the_event_pending(harness: Harness, fault: Exception) -> None:
    event = untold(harness)

    def break_once(_name: str) -> None:
        harness.stripe.on_call = lambda _name: None
        raise fault

    harness.stripe.on_call = break_once
    assert answered(harness.deliver(event)) == (200, PENDING)
    assert harness.status(event["id"]) == "pending"
    assert harness.books.entries == ()
    harness.pass_time(600)
    assert harness.sweeps()["applied"] == 1
    assert harness.books.totals == {"eur": (1000, 1)}


def test_no_fault_in_noting_a_fault_stops_the_others(harness: Harness) -> None:
    first, second = untold(harness), untold(harness, email=BEN)
    harness.stripe.down = True
    harness.deliver(first)
    harness.deliver(second)
    harness.stripe.down = False
    real = harness.table

    def ill(call: str, what: Any) -> None:
        if call == "get" and what == (f"EVT#{first['id']}", "EVT"):
            raise TableUnavailable("injected")

    harness.table = Around(real, ill)
    harness.pass_time(600)
    assert harness.sweeps()["applied"] == 1
    harness.table = real
    assert (harness.status(first["id"]), harness.status(second["id"])) == ("pending", "applied")


def test_money_that_names_nobody_waits_for_a_person(harness: Harness) -> None:
    """No customer, no address: there is nobody to book it for, and nobody may be made up."""
    event = untold(harness)
    event["data"]["object"] |= {"customer": None, "customer_details": None, "customer_email": None}
    before = without(harness, "EVT#")
    assert answered(harness.deliver(event)) == (200, PENDING)
    assert without(harness, "EVT#") == before
    (waiting,) = inbox.waiting(harness.table)
    assert waiting["why"] == "NobodyNamed"
