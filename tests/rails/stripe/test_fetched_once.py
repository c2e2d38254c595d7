"""What one notification costs: each object of Stripe's is fetched at most twice, each guard is read once.

Once to find out whose it is, and once more after the supporter's state was read (decision 0005). A reader on the
return page waits for the session once.
"""

from collections import Counter
from typing import Any

import pytest

from chalicelib.kernel.table import Put, TransactionLost
from chalicelib.rails.stripe import notification
from chalicelib.rails.stripe.relay import Relay
from testkit.harness import Harness
from testkit.tables import Around
from testkit.webhooks import Json, one
from tests.booking.test_booked_once import session_of

LISTS = ("invoice_payments_of", "checkout_session_of_payment", "checkout_session_of_subscription")


class Costs:
    """What was asked of Stripe since the last look, and of the table until something was booked.

    Mails go out after that, and each receipt reads what it is about.
    """

    def __init__(self, harness: Harness) -> None:
        self.stripe, self.read, self._booked = harness.stripe, Counter[str](), False
        harness.table = Around(harness.table, self._count)

    def _count(self, call: str, what: Any) -> None:
        if call == "transact":
            self._booked |= any(isinstance(one, Put) and one.item["pk"].startswith("MONEY#") for one in what)
        if call == "get" and not self._booked:
            self.read[what[0].partition("#")[0]] += 1

    def begin(self) -> None:
        """Forget what was asked so far."""
        self.stripe.calls.clear()
        self.read.clear()


def payment_of(events: list[Json]) -> str:
    return str(one(events, "payment_intent.succeeded")["data"]["object"]["id"])


def tells(harness: Harness, case: str) -> list[Json]:
    """The events of a gift, or of what went back of it, of which nobody has heard yet."""
    monthly = case.startswith("monthly")
    events = harness.gives(500, "month" if monthly else "once")
    if case.endswith("refunded"):
        return harness.stripe.gives_back(payment_of(events))
    if case.endswith("disputed"):
        return harness.stripe.bank_disputes(payment_of(events))
    return events


CASES = {
    "once: payment": "payment_intent.succeeded",
    "once: session": "checkout.session.completed",
    "monthly: payment": "payment_intent.succeeded",
    "monthly: invoice": "invoice.paid",
    "monthly: session": "checkout.session.completed",
    "once: refunded": "refund.created",
    "once: disputed": "charge.dispute.funds_withdrawn",
    "monthly: refunded": "refund.created",
    "monthly: disputed": "charge.dispute.funds_withdrawn",
}


@pytest.mark.parametrize("case", CASES)
def test_each_object_is_fetched_at_most_twice_for_one_event(harness: Harness, case: str) -> None:
    event = one(tells(harness, case), CASES[case])
    costs = Costs(harness)
    harness.deliver(event)
    assert harness.status(event["id"]) == "applied"
    assert harness.books.entries, "it was booked"
    most = {name: count for name, count in costs.stripe.calls.items() if count > 2}
    assert not most
    moved = len(harness.books.entries)
    assert costs.read["MONEY"] <= moved, "one guard for each movement"


def test_without_the_memory_of_one_step_they_are_fetched_more_often(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of the test above."""
    monkeypatch.setattr(notification, "Remembering", Relay)
    event = one(tells(harness, "monthly: disputed"), CASES["monthly: disputed"])
    costs = Costs(harness)
    harness.deliver(event)
    assert max(costs.stripe.calls.values()) > 2


@pytest.mark.parametrize("interval", ["once", "month"])
def test_who_comes_back_waits_for_the_session_once(harness: Harness, interval: str) -> None:
    events = harness.gives(500, interval)
    costs = Costs(harness)
    assert harness.comes_back(session_of(events)).checkout.status == "paid"
    assert costs.stripe.calls["checkout_session"] == 1
    assert max(costs.stripe.calls.values()) <= 2


def test_what_was_committed_meanwhile_is_fetched_anew(harness: Harness) -> None:
    """A try that lost to another worker must not decide by what the one before it was told."""
    event = one(harness.gives(500, "month"), "customer.subscription.created")
    fetched: list[str] = []
    lost: list[str] = []

    def another_was_faster(call: str, _what: Any) -> None:
        if call == "transact" and not lost:
            lost.append(call)
            raise TransactionLost([])

    harness.table = Around(harness.table, another_was_faster)
    harness.stripe.on_call = fetched.append
    harness.deliver(event)
    assert harness.status(event["id"]) == "applied"
    assert fetched.count("subscription") == 2, "once for each try"
