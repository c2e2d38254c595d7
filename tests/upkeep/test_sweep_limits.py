"""The sweep asks Stripe slowly, ends in time, and leaves events alone while Stripe or the table is away."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.inbox import rows as inbox
from chalicelib.kernel import keys
from chalicelib.kernel.table import TableUnavailable
from chalicelib.rails.stripe import paced
from chalicelib.rails.stripe.paced import Paced
from chalicelib.rails.stripe.port import Answer, StripeRefused, StripeUnavailable
from chalicelib.upkeep.sweep import sweep
from testkit.harness import Harness
from testkit.reconciling import Hours
from testkit.stripe_calls import UnexpectedStripe
from testkit.tables import Around
from testkit.webhooks import Json, one


def pending(harness: Harness, count: int) -> list[Json]:
    """Events of as many supporters that came while Stripe was away, due again."""
    events = [
        one(harness.gives(1000, email=f"{n}@reader.example"), "checkout.session.completed") for n in range(count)
    ]
    harness.stripe.down = True
    for event in events:
        assert not harness.take_in(event)["applied"]
    harness.stripe.down = False
    harness.pass_time(120)
    return events


def waits(harness: Harness, event: Json) -> tuple[Any, ...]:
    """What the inbox says of an event."""
    row = harness.table.get(keys.event(event["id"]))
    assert row is not None
    return tuple(row.get(name) for name in ("status", "tries", "due", "why"))


@pytest.mark.parametrize("per_second", [paced.SWEEP, paced.RING])
@pytest.mark.parametrize("a_call", [0.0, 0.02, 0.5])
def test_no_second_holds_more_calls_than_stripe_allows(per_second: int, a_call: float) -> None:
    hours = Hours(a_call=a_call)
    kept = hours.limits(per_second)
    for number in range(200):
        kept.wait()
        hours.call()
        if number == 100:
            hours.now += 1000  # a long rest saves nothing up
    assert hours.busiest_second() <= per_second + 4
    if a_call * per_second < 1:
        assert 200 / per_second * 0.9 < hours.now - 1000 <= 200 / per_second, "and hardly fewer"


def test_all_at_once_stays_below_the_limit_of_a_sandbox() -> None:
    """The sweep and the three rings of reconcile, side by side."""
    assert paced.SWEEP + 3 * paced.RING < 25


def test_the_sweep_keeps_its_pace(harness: Harness) -> None:
    pending(harness, 6)
    hours = Hours()
    harness.stripe.on_call = hours.call
    assert sweep(harness.wiring, limits=hours.limits())["applied"] == 6
    assert len(hours.asked) >= 12
    assert hours.busiest_second() <= paced.SWEEP + 4


def test_a_list_waits_once_a_page() -> None:
    class Listing(UnexpectedStripe):
        def events(self, *, since: int, undelivered: bool = False) -> Iterator[Answer]:
            assert (since, undelivered) == (5, False)
            for number in range(250):
                if number % 100 == 0:
                    hours.call()
                yield {"id": number}

    hours = Hours()
    listed = Paced(Listing(), hours.limits(1))
    for _ in range(4):
        assert len(list(listed.events(since=5))) == 250
    assert len(hours.asked) == 12
    assert hours.busiest_second() == 4
    assert hours.now == 8, "twelve calls, of which the first four need not wait"


def test_time_is_over_and_the_rest_waits_untouched(harness: Harness) -> None:
    events = pending(harness, 6)
    hours = Hours(a_call=10)
    harness.stripe.on_call = hours.call
    done = sweep(harness.wiring, limits=hours.limits(seconds=35))
    assert done["stopped"] == "time"
    assert 0 < done["applied"] == done["events"] < 6
    left = [event for event in events if harness.status(event["id"]) == "pending"]
    assert len(left) == 6 - done["applied"]
    harness.stripe.on_call = lambda _name: None
    assert sweep(harness.wiring, limits=hours.limits(seconds=35))["applied"] == len(left)


# ---- Stripe or the table is away ----


def test_while_stripe_is_away_three_tries_are_enough_for_all(harness: Harness) -> None:
    events = pending(harness, 8)
    before = Counter(waits(harness, event) for event in events)
    harness.stripe.down = True
    calls = harness.stripe.calls.total()
    done = sweep(harness.wiring)
    assert (done["events"], done["applied"], done["stopped"]) == (3, 0, "stripe")
    assert harness.stripe.calls.total() - calls <= 4
    untouched = Counter(waits(harness, event) for event in events) & before
    assert untouched.total() == 5, "neither a try nor their turn is gone"
    # The next run begins with those that were left.
    assert {event_id for event_id, _ in inbox.pending_events(harness.table, harness.now())} == {
        event["id"] for event in events if waits(harness, event) in before
    }
    harness.stripe.down = False
    harness.pass_time(300)
    assert sweep(harness.wiring)["applied"] == 8


def test_without_the_stop_an_outage_would_try_them_all(harness: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control."""
    pending(harness, 8)
    monkeypatch.setattr("chalicelib.reconciling.circuit_breaker.IN_A_ROW", 1000)
    harness.stripe.down = True
    assert sweep(harness.wiring)["events"] == 8


def test_three_days_of_an_outage_park_nothing_and_then_all_is_applied(harness: Harness) -> None:
    events = pending(harness, 3)
    harness.stripe.down = True
    for _ in range(70):
        harness.pass_time(3600)
        harness.sweeps()
    assert {harness.status(event["id"]) for event in events} == {"pending"}
    harness.stripe.down = False
    harness.pass_time(3600)
    assert harness.sweeps()["applied"] == 3
    assert harness.books.totals == {"eur": (3000, 3)}


def test_a_few_objects_that_stripe_cannot_read_hold_up_nobody(harness: Harness) -> None:
    """500 for these alone: Stripe itself is there, so the others are taken up in the same run."""
    events = pending(harness, 8)
    ill = {event["data"]["object"]["id"] for event in events[:7]}

    def broken(_name: str, answer: Any) -> Any:
        if answer.get("id") in ill:
            raise StripeUnavailable("status 500")
        return answer

    harness.stripe.on_answer = broken
    done = sweep(harness.wiring)
    assert (done["events"], done["applied"]) == (8, 1)
    assert "stopped" not in done


def test_a_key_that_may_not_list_events_is_an_answer_too(harness: Harness) -> None:
    pending(harness, 4)

    def denied(name: str) -> None:
        if name == "events":
            raise StripeRefused("permission")
        raise StripeUnavailable("status 500")

    harness.stripe.on_call = denied
    done = sweep(harness.wiring)
    assert (done["events"], done["applied"]) == (4, 0)
    assert "stopped" not in done


def test_while_the_table_is_away_the_run_ends(harness: Harness) -> None:
    pending(harness, 6)
    real = harness.table

    class Away(Around):
        def describe(self) -> bool:
            return False

    def no(call: str, _what: Any) -> None:
        if call == "write":
            raise TableUnavailable("injected")

    harness.table = Away(real, no)
    done = sweep(harness.wiring)
    assert (done["events"], done["applied"], done["stopped"]) == (3, 0, "table")
