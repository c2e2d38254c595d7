"""Events that never came: found in Stripe's lists, stored, and applied as a webhook would be (rings 1 and 2)."""

import json
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.inbox import rows as inbox
from chalicelib.kernel.table import TableUnavailable
from chalicelib.rails.stripe.enabled_events import ENABLED_EVENTS
from chalicelib.rails.stripe.paced import RING
from chalicelib.rails.stripe.port import StripeRefused, StripeUnavailable
from chalicelib.rails.stripe.reconcile import events as reconcile_events
from chalicelib.reconciling import progress
from chalicelib.reconciling.run import EventsTally
from testkit.harness import ADA, BEN, Harness
from testkit.reconciling import Hours, reconciles, without
from testkit.tables import Around
from testkit.webhooks import one, raw

HOUR, DAY = 3600, 86_400


def ring(harness: Harness, name: str, **more: Any) -> EventsTally:
    """What one ring of events found."""
    part = reconciles(harness, [name], **more).parts[name]
    assert isinstance(part, EventsTally)
    return part


@pytest.mark.parametrize("name", ["undelivered", "events"])
@pytest.mark.parametrize("interval", ["once", "month"])
def test_what_was_never_delivered_is_stored_and_applied(harness: Harness, name: str, interval: str) -> None:
    events = harness.gives(1000, interval)
    harness.pass_time(HOUR)
    found = ring(harness, name, by_hand=False)
    assert found.stored == found.applied > (0 if (name, interval) == ("events", "once") else 1)
    assert found.failed is None
    assert harness.books.totals == {"eur": (1000, 1)}
    assert [mail.to for mail in harness.mails.sent] == [ADA]
    stored = inbox.read(harness.table, one(events, "checkout.session.completed")["id"])
    assert stored is not None
    assert json.loads(stored.body) == one(events, "checkout.session.completed"), "the raw event is kept"
    again = ring(harness, name, by_hand=False)
    assert (again.stored, again.applied) == (0, 0)
    assert again.seen > 0


def test_the_hourly_ring_leaves_out_what_our_endpoint_is_not_sent_but_by_hand(harness: Harness) -> None:
    """Applied each hour, it would cost what not asking for it saves."""
    harness.tell(event for event in harness.gives(1000, "month") if event["type"] in ENABLED_EVENTS)
    harness.pass_time(HOUR)
    found = ring(harness, "events", by_hand=False)
    assert (found.stored, found.applied) == (0, 0)
    assert ring(harness, "events").stored > 0


def test_a_webhook_on_its_way_is_left_alone_by_the_schedule(harness: Harness) -> None:
    harness.gives(1000)
    harness.pass_time(60)
    assert ring(harness, "undelivered", by_hand=False).seen == 0
    assert ring(harness, "events", by_hand=False).seen == 0
    assert progress.cursor(harness.table, "events") != harness.clock.business - 60, "nor does the cursor step over it"
    assert ring(harness, "undelivered").applied > 0, "a person does not wait"


def test_what_was_delivered_is_not_applied_again(harness: Harness) -> None:
    harness.tell(harness.gives(1000))
    asked = harness.stripe.calls.total()
    found = ring(harness, "events")
    assert (found.stored, found.applied) == (0, 0)
    assert harness.stripe.calls.total() - asked == 1, "one page of the list, and not a call more"


def test_types_that_nobody_handles_are_not_even_stored(harness: Harness) -> None:
    events = harness.gives(1000)
    ring(harness, "events")
    assert harness.status(one(events, "charge.succeeded")["id"]) == "absent"


def test_decimals_of_the_sdk_are_stored_as_stripe_sent_them(harness: Harness) -> None:
    """The SDK makes a number of `"unit_amount_decimal": "300"`; on the wire it is a text."""
    events = harness.gives(300, "month")
    sent = one(events, "customer.subscription.created")

    def as_the_sdk_does(name: str, answer: Any) -> Any:
        if name == "events":
            for event in answer["data"]:
                for item in event["data"]["object"].get("items", {}).get("data", []):
                    item["price"]["unit_amount_decimal"] = Decimal(item["price"]["unit_amount_decimal"])
        return answer

    harness.stripe.on_answer = as_the_sdk_does
    assert ring(harness, "events").unreadable == 0
    stored = inbox.read(harness.table, sent["id"])
    assert stored is not None
    assert json.loads(stored.body) == sent


def test_one_event_that_cannot_be_read_holds_up_no_other(harness: Harness) -> None:
    harness.gives(1000)
    odd = [
        {"id": "evt odd", "created": harness.clock.business},
        {"id": "evt_b", "created": harness.clock.business, "data": object()},
    ]
    harness.stripe.on_answer = lambda name, answer: (
        answer | {"data": [*odd, *answer["data"]]} if name == "events" else answer
    )
    found = ring(harness, "events")
    assert (found.unreadable, found.failed) == (2, None)
    assert harness.books.totals == {"eur": (1000, 1)}


# ---- the cursor ----


def test_the_next_run_looks_back_to_the_last_one_and_two_hours_more(harness: Harness) -> None:
    harness.gives(1000)
    harness.pass_time(HOUR)
    ring(harness, "events", by_hand=False)
    first = progress.cursor(harness.table, "events")
    assert first is not None
    assert first == max(event["created"] for event in harness.stripe.of("event"))
    harness.pass_time(3 * DAY)
    since: list[int] = []
    real = harness.stripe.events

    def noting(**more: Any) -> Any:
        since.append(more["since"])
        return real(**more)

    harness.stripe.events = noting  # type: ignore[method-assign] # to see what is asked for
    harness.gives(1000, email=BEN)
    harness.pass_time(HOUR)
    assert ring(harness, "events", by_hand=False).applied > 0
    ring(harness, "events", by_hand=False)
    assert since[0] == first - 2 * HOUR
    assert since[1] == first + 3 * DAY + HOUR - 2 * HOUR
    ring(harness, "events")
    assert since[2] < first, "a person has everything looked at"


def equal_moment(harness: Harness) -> None:
    """Two gifts within one second; Stripe's list shows the second one only after ring 2 came by."""
    harness.gives(1000)
    late = [event["id"] for event in harness.gives(1000, email=BEN)]
    harness.stripe.on_answer = without(*late)
    harness.pass_time(HOUR)
    ring(harness, "events", by_hand=False)
    harness.stripe.on_answer = lambda _name, answer: answer
    harness.pass_time(HOUR)
    ring(harness, "events", by_hand=False)


def test_an_event_of_the_same_second_that_shows_late_is_found(harness: Harness) -> None:
    equal_moment(harness)
    assert harness.books.totals == {"eur": (2000, 2)}


def test_without_the_overlap_it_would_be_lost(harness: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: going on just after the newest event that was seen."""
    monkeypatch.setattr(reconcile_events, "OVERLAP", -1)
    equal_moment(harness)
    assert harness.books.totals == {"eur": (1000, 1)}


def test_the_cursor_moves_only_over_what_is_durable(harness: Harness) -> None:
    events = harness.gives(1000)
    harness.pass_time(HOUR)
    real = harness.table

    def full(call: str, what: Any) -> None:
        if call == "write" and getattr(what, "item", {}).get("type") == "checkout.session.completed":
            raise TableUnavailable("injected")

    harness.table = Around(real, full)
    found = ring(harness, "events", by_hand=False)
    harness.table = real
    assert found.failed == "Unavailable"
    assert progress.cursor(harness.table, "events") is None
    harness.pass_time(29 * DAY)
    ring(harness, "events", by_hand=False)
    assert harness.status(one(events, "checkout.session.completed")["id"]) == "applied"


def test_a_list_that_breaks_off_moves_no_cursor(harness: Harness) -> None:
    harness.gives(1000)
    real = harness.stripe.events

    def breaks(**more: Any) -> Any:
        yield from list(real(**more))[:1]
        raise StripeUnavailable("status 500")

    harness.stripe.events = breaks  # type: ignore[method-assign] # the second page is not to be had
    assert ring(harness, "events", by_hand=False).failed == "StripeUnavailable"
    assert progress.cursor(harness.table, "events") is None


def test_the_cursor_never_goes_back(harness: Harness) -> None:
    for at in (100, 200, 150, 200, 50):
        progress.move_cursor(harness.table, "events", at)
    assert progress.cursor(harness.table, "events") == 200


def test_when_time_is_over_before_all_is_applied_the_sweep_goes_on(harness: Harness) -> None:
    harness.gives(1000, "month")
    harness.pass_time(HOUR)
    hours = Hours()
    real = harness.stripe.on_call

    def slow(name: str) -> None:
        hours.now += 0 if name == "events" else 100

    harness.stripe.on_call = slow
    found = ring(harness, "events", by_hand=False, kept=hours.limits(RING, seconds=90))
    harness.stripe.on_call = real
    assert found.failed == "time"
    assert found.stored > found.applied
    assert progress.cursor(harness.table, "events") is not None, "all of it is durable"
    harness.pass_time(HOUR)
    harness.sweeps()
    assert inbox.waiting(harness.table) == []
    assert harness.books.totals == {"eur": (1000, 1)}


# ---- what is in the inbox already ----


def test_a_pending_event_is_the_sweeps_unless_a_person_asks(harness: Harness) -> None:
    """Tried again by every ring, a poisoned event would be parked within the hour."""
    event = one(harness.gives(1000), "checkout.session.completed")
    harness.stripe.on_answer = lambda name, answer: answer | {"mode": None} if name == "checkout_session" else answer
    harness.take_in(event)
    harness.pass_time(600)
    for _ in range(9):
        ring(harness, "undelivered", by_hand=False)
        ring(harness, "events", by_hand=False)
    stored = inbox.read(harness.table, event["id"])
    assert stored is not None
    assert (stored.status, stored.tries) == ("pending", 1)
    harness.stripe.on_answer = lambda _name, answer: answer
    ring(harness, "undelivered")
    assert harness.status(event["id"]) == "applied"


def test_an_event_whose_type_has_a_handler_by_now_is_applied(harness: Harness) -> None:
    event = one(harness.gives(1000), "checkout.session.completed")
    inbox.store(harness.table, event["id"], event["type"], raw(event), harness.now(), "unhandled")
    harness.pass_time(HOUR)
    harness.stripe.on_answer = without(
        *(other["id"] for other in harness.stripe.of("event") if other["id"] != event["id"])
    )
    found = ring(harness, "events", by_hand=False)
    assert (found.stored, found.reopened, found.applied) == (0, 1, 1)
    assert harness.books.totals == {"eur": (1000, 1)}


def test_events_of_another_mode_are_recorded_and_change_nothing(harness: Harness) -> None:
    harness.gives(1000)
    live = lambda name, answer: (  # noqa: E731 - the shape of `on_answer`
        answer | {"data": [one | {"livemode": True} for one in answer["data"]]} if name == "events" else answer
    )
    harness.stripe.on_answer = live
    assert ring(harness, "events").applied == 0
    assert harness.books.entries == ()


# ---- a ring that cannot ----


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (StripeRefused("permission_error"), "StripeRefused: permission_error"),
        (StripeRefused("resource_missing", missing=True), "StripeRefused: resource_missing"),
        (StripeUnavailable("status 500"), "StripeUnavailable"),
        (KeyError("ours"), "KeyError"),
    ],
)
def test_a_ring_that_cannot_list_says_so_and_the_others_run(harness: Harness, fault: Exception, told: str) -> None:
    harness.gives(1000)

    def denied(name: str) -> None:
        if name == "events":
            raise fault

    harness.stripe.on_call = denied
    done = reconciles(harness)
    assert done.failed == {"undelivered": told, "events": told}
    assert harness.books.totals == {"eur": (1000, 1)}, "ring 3 needs no events"
    assert not done.differs


def test_without_stripe_nothing_is_changed_and_each_ring_says_why(harness: Harness) -> None:
    harness.gives(1000)
    before = harness.rows()
    harness.stripe.down = True
    done = reconciles(harness)
    assert set(done.failed) == {"undelivered", "events", "money", "recurring"}
    assert set(done.failed.values()) == {"StripeUnavailable"}
    assert not done.differs
    assert harness.rows() == before
