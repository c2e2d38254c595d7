"""Events that never came: found in Stripe's lists, stored, and applied as a webhook would be (rings 1 and 2)."""

import json
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.inbox import rows as inbox
from chalicelib.kernel.table import TableUnavailable
from chalicelib.rails.stripe.paced import RING
from chalicelib.rails.stripe.port import StripeRefused, StripeUnavailable
from chalicelib.rails.stripe.reconcile import events as reconcile_events
from chalicelib.reconciling import progress
from chalicelib.reconciling.run import EventsTally
from tests.support.reconciling import Hours, reconciles, without
from tests.support.tables import Around
from tests.support.till import ADA, BEN, Till, one, raw

HOUR, DAY = 3600, 86_400


def ring(till: Till, name: str, **more: Any) -> EventsTally:
    """What one ring of events found."""
    part = reconciles(till, [name], **more).parts[name]
    assert isinstance(part, EventsTally)
    return part


@pytest.mark.parametrize("name", ["undelivered", "events"])
@pytest.mark.parametrize("interval", ["once", "month"])
def test_what_was_never_delivered_is_stored_and_applied(till: Till, name: str, interval: str) -> None:
    events = till.gives(1000, interval)
    till.pass_time(HOUR)
    found = ring(till, name, by_hand=False)
    assert found.stored == found.applied > 1
    assert found.failed is None
    assert till.books.totals == {"eur": (1000, 1)}
    assert [mail.to for mail in till.post.sent] == [ADA]
    stored = inbox.read(till.table, one(events, "checkout.session.completed")["id"])
    assert stored is not None
    assert json.loads(stored.body) == one(events, "checkout.session.completed"), "the raw event is kept"
    again = ring(till, name, by_hand=False)
    assert (again.stored, again.applied) == (0, 0)
    assert again.seen > 0


def test_a_webhook_on_its_way_is_left_alone_by_the_schedule(till: Till) -> None:
    till.gives(1000)
    till.pass_time(60)
    assert ring(till, "undelivered", by_hand=False).seen == 0
    assert ring(till, "events", by_hand=False).seen == 0
    assert progress.cursor(till.table, "events") != till.business - 60, "nor does the cursor step over it"
    assert ring(till, "undelivered").applied > 0, "a person does not wait"


def test_what_was_delivered_is_not_applied_again(till: Till) -> None:
    till.tell(till.gives(1000))
    asked = till.double.calls.total()
    found = ring(till, "events")
    assert (found.stored, found.applied) == (0, 0)
    assert till.double.calls.total() - asked == 1, "one page of the list, and not a call more"


def test_types_that_nobody_handles_are_not_even_stored(till: Till) -> None:
    events = till.gives(1000)
    ring(till, "events")
    assert till.status(one(events, "charge.succeeded")["id"]) == "absent"


def test_decimals_of_the_sdk_are_stored_as_stripe_sent_them(till: Till) -> None:
    """The SDK makes a number of `"unit_amount_decimal": "300"`; on the wire it is a text."""
    events = till.gives(300, "month")
    sent = one(events, "customer.subscription.created")

    def as_the_sdk_does(name: str, answer: Any) -> Any:
        if name == "events":
            for event in answer["data"]:
                for item in event["data"]["object"].get("items", {}).get("data", []):
                    item["price"]["unit_amount_decimal"] = Decimal(item["price"]["unit_amount_decimal"])
        return answer

    till.double.on_answer = as_the_sdk_does
    assert ring(till, "events").unreadable == 0
    stored = inbox.read(till.table, sent["id"])
    assert stored is not None
    assert json.loads(stored.body) == sent


def test_one_event_that_cannot_be_read_holds_up_no_other(till: Till) -> None:
    till.gives(1000)
    odd = [{"id": "evt odd", "created": till.business}, {"id": "evt_b", "created": till.business, "data": object()}]
    till.double.on_answer = lambda name, answer: (
        answer | {"data": [*odd, *answer["data"]]} if name == "events" else answer
    )
    found = ring(till, "events")
    assert (found.unreadable, found.failed) == (2, None)
    assert till.books.totals == {"eur": (1000, 1)}


# ---- the cursor ----


def test_the_next_run_looks_back_to_the_last_one_and_two_hours_more(till: Till) -> None:
    till.gives(1000)
    till.pass_time(HOUR)
    ring(till, "events", by_hand=False)
    first = progress.cursor(till.table, "events")
    assert first is not None
    assert first == max(event["created"] for event in till.double.of("event"))
    till.pass_time(3 * DAY)
    since: list[int] = []
    real = till.double.events

    def noting(**more: Any) -> Any:
        since.append(more["since"])
        return real(**more)

    till.double.events = noting  # type: ignore[method-assign] # to see what is asked for
    till.gives(1000, email=BEN)
    till.pass_time(HOUR)
    assert ring(till, "events", by_hand=False).applied > 0
    ring(till, "events", by_hand=False)
    assert since[0] == first - 2 * HOUR
    assert since[1] == first + 3 * DAY + HOUR - 2 * HOUR
    ring(till, "events")
    assert since[2] < first, "a person has everything looked at"


def equal_moment(till: Till) -> None:
    """Two gifts within one second; Stripe's list shows the second one only after ring 2 came by."""
    till.gives(1000)
    late = [event["id"] for event in till.gives(1000, email=BEN)]
    till.double.on_answer = without(*late)
    till.pass_time(HOUR)
    ring(till, "events", by_hand=False)
    till.double.on_answer = lambda _name, answer: answer
    till.pass_time(HOUR)
    ring(till, "events", by_hand=False)


def test_an_event_of_the_same_second_that_shows_late_is_found(till: Till) -> None:
    equal_moment(till)
    assert till.books.totals == {"eur": (2000, 2)}


def test_without_the_overlap_it_would_be_lost(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: going on just after the newest event that was seen."""
    monkeypatch.setattr(reconcile_events, "OVERLAP", -1)
    equal_moment(till)
    assert till.books.totals == {"eur": (1000, 1)}


def test_the_cursor_moves_only_over_what_is_durable(till: Till) -> None:
    events = till.gives(1000)
    till.pass_time(HOUR)
    real = till.table

    def full(call: str, what: Any) -> None:
        if call == "write" and getattr(what, "item", {}).get("type") == "checkout.session.completed":
            raise TableUnavailable("injected")

    till.table = Around(real, full)
    found = ring(till, "events", by_hand=False)
    till.table = real
    assert found.failed == "Unavailable"
    assert progress.cursor(till.table, "events") is None
    till.pass_time(29 * DAY)
    ring(till, "events", by_hand=False)
    assert till.status(one(events, "checkout.session.completed")["id"]) == "applied"


def test_a_list_that_breaks_off_moves_no_cursor(till: Till) -> None:
    till.gives(1000)
    real = till.double.events

    def breaks(**more: Any) -> Any:
        yield from list(real(**more))[:1]
        raise StripeUnavailable("status 500")

    till.double.events = breaks  # type: ignore[method-assign] # the second page is not to be had
    assert ring(till, "events", by_hand=False).failed == "StripeUnavailable"
    assert progress.cursor(till.table, "events") is None


def test_the_cursor_never_goes_back(till: Till) -> None:
    for at in (100, 200, 150, 200, 50):
        progress.move_cursor(till.table, "events", at)
    assert progress.cursor(till.table, "events") == 200


def test_when_time_is_over_before_all_is_applied_the_sweep_goes_on(till: Till) -> None:
    till.gives(1000)
    till.pass_time(HOUR)
    hours = Hours()
    real = till.double.on_call

    def slow(name: str) -> None:
        hours.now += 0 if name == "events" else 100

    till.double.on_call = slow
    found = ring(till, "events", by_hand=False, kept=hours.limits(RING, seconds=90))
    till.double.on_call = real
    assert found.failed == "time"
    assert found.stored > found.applied
    assert progress.cursor(till.table, "events") is not None, "all of it is durable"
    till.pass_time(HOUR)
    till.sweeps()
    assert inbox.waiting(till.table) == []
    assert till.books.totals == {"eur": (1000, 1)}


# ---- what is in the inbox already ----


def test_a_pending_event_is_the_sweeps_unless_a_person_asks(till: Till) -> None:
    """Tried again by every ring, a poisoned event would be parked within the hour."""
    event = one(till.gives(1000), "checkout.session.completed")
    till.double.on_answer = lambda name, answer: answer | {"mode": None} if name == "checkout_session" else answer
    till.take_in(event)
    till.pass_time(600)
    for _ in range(9):
        ring(till, "undelivered", by_hand=False)
        ring(till, "events", by_hand=False)
    stored = inbox.read(till.table, event["id"])
    assert stored is not None
    assert (stored.status, stored.tries) == ("pending", 1)
    till.double.on_answer = lambda _name, answer: answer
    ring(till, "undelivered")
    assert till.status(event["id"]) == "applied"


def test_an_event_whose_type_has_a_handler_by_now_is_applied(till: Till) -> None:
    event = one(till.gives(1000), "checkout.session.completed")
    inbox.store(till.table, event["id"], event["type"], raw(event), till.business, "unhandled")
    till.pass_time(HOUR)
    till.double.on_answer = without(*(other["id"] for other in till.double.of("event") if other["id"] != event["id"]))
    found = ring(till, "events", by_hand=False)
    assert (found.stored, found.reopened, found.applied) == (0, 1, 1)
    assert till.books.totals == {"eur": (1000, 1)}


def test_events_of_another_mode_are_recorded_and_change_nothing(till: Till) -> None:
    till.gives(1000)
    live = lambda name, answer: (  # noqa: E731 - the shape of `on_answer`
        answer | {"data": [one | {"livemode": True} for one in answer["data"]]} if name == "events" else answer
    )
    till.double.on_answer = live
    assert ring(till, "events").applied == 0
    assert till.books.entries == ()


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
def test_a_ring_that_cannot_list_says_so_and_the_others_run(till: Till, fault: Exception, told: str) -> None:
    till.gives(1000)

    def denied(name: str) -> None:
        if name == "events":
            raise fault

    till.double.on_call = denied
    done = reconciles(till)
    assert done.failed == {"undelivered": told, "events": told}
    assert till.books.totals == {"eur": (1000, 1)}, "ring 3 needs no events"
    assert not done.differs


def test_without_stripe_nothing_is_changed_and_each_ring_says_why(till: Till) -> None:
    till.gives(1000)
    before = till.rows()
    till.double.down = True
    done = reconciles(till)
    assert set(done.failed) == {"undelivered", "events", "money", "recurring"}
    assert set(done.failed.values()) == {"StripeUnavailable"}
    assert not done.differs
    assert till.rows() == before
