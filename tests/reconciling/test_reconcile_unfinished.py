"""A ring that does not finish tells somebody, whatever the reason; and what it saw by then is not lost."""

import logging
from typing import Any

import pytest

from chalicelib.kernel import keys
from chalicelib.kernel.table import TableRefused, TableUnavailable
from chalicelib.rails.stripe.paced import RING
from chalicelib.rails.stripe.port import StripeRefused, StripeUnavailable
from chalicelib.reconciling.run import BadLine, MoneyTally
from chalicelib.upkeep.reconcile import Reconciled
from testkit.harness import Harness
from testkit.reconciling import Hours, givers, reconciles, scheduled, slow
from testkit.tables import Around

DAY = 86_400


def raised(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]


# ---- alarms ----


@pytest.mark.parametrize("ring", ["undelivered", "events", "money"])
@pytest.mark.parametrize(
    ("error", "why"),
    [
        (StripeUnavailable("status 500"), "StripeUnavailable"),
        (StripeRefused("permission_error"), "StripeRefused:_permission_error"),
        (KeyError("data"), "KeyError"),
    ],
)
def test_whatever_ends_a_scheduled_ring_wakes_somebody(
    harness: Harness, caplog: pytest.LogCaptureFixture, ring: str, error: Exception, why: str
) -> None:
    def broken(name: str) -> None:
        if name in ("events", "balance_transactions", "subscriptions"):
            raise error

    harness.stripe.on_call = broken
    done = reconciles(harness, [ring], by_hand=False)
    assert set(done.failed) == set(done.parts) - {"methods"}, "which has nothing to ask about here"
    for part in done.failed:
        assert f"alarm reconcile_unfinished ring={part} why={why}" in raised(caplog)


@pytest.mark.parametrize("ring", ["undelivered", "events", "money"])
def test_a_table_that_is_away_or_time_that_is_over_wakes_somebody_too(
    harness: Harness, caplog: pytest.LogCaptureFixture, ring: str
) -> None:
    harness.gives(1000)
    harness.pass_time(3600)
    real = harness.table

    def away(_call: str, _what: Any) -> None:
        raise TableUnavailable("injected")

    harness.table = Around(real, away)
    assert reconciles(harness, [ring], by_hand=False).failed
    harness.table = real
    if ring == "money":
        reconciles(harness, [ring], by_hand=False)  # up to yesterday
        harness.pass_time(DAY)
        givers(harness, 1)
        harness.pass_time(DAY)
    hours = Hours(a_call=100)
    harness.stripe.on_call = hours.call
    done = reconciles(harness, [ring], by_hand=False, kept=hours.limits(RING, seconds=1))
    assert set(done.failed.values()) == {"time"}
    told = raised(caplog)
    assert len([line for line in told if "alarm reconcile_unfinished" in line]) >= 2
    assert f"alarm reconcile_unfinished ring={ring} why=time" in told


def test_a_ring_that_finished_wakes_nobody(harness: Harness, caplog: pytest.LogCaptureFixture) -> None:
    """The negative control."""
    harness.gives(1000)
    harness.pass_time(3600)
    assert reconciles(harness, by_hand=False).failed == {}
    assert raised(caplog) == []


def test_a_person_is_told_by_the_command_and_wakes_nobody(harness: Harness, caplog: pytest.LogCaptureFixture) -> None:
    harness.stripe.down = True
    assert reconciles(harness, by_hand=True).failed
    assert not any("reconcile_unfinished" in line for line in raised(caplog))


# ---- time ----


def money(done: Reconciled) -> MoneyTally:
    part = done.parts["money"]
    assert isinstance(part, MoneyTally)
    return part


def test_what_a_run_has_no_time_for_the_next_one_goes_on_with(
    harness: Harness, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.closing.actions.walk_day.PAGE", 2)
    scheduled(harness, ["money"])
    givers(harness, 9)
    seen = []
    for _ in range(9):
        hours = Hours()
        real = harness.table
        slow(harness, hours, 1.0)
        done = scheduled(harness, ["money"], kept=hours.limits(1000, seconds=60))
        harness.table = real
        found = money(done)
        assert "money" not in done.failed, "it came further"
        assert (found.differences, done.differs) == ([], False), "and what was not looked at is not missing"
        seen.append(found.seen)
        if found.closed:
            break
    assert len(seen) > 1, "not in one: this test would prove nothing"
    assert harness.books.totals["eur"][1] == 9
    assert not any("reconcile_unfinished ring=money" in line for line in raised(caplog))


def test_a_run_that_comes_no_further_wakes_somebody(harness: Harness, caplog: pytest.LogCaptureFixture) -> None:
    """The negative control: its time does not even suffice for a page."""
    scheduled(harness, ["money"])
    givers(harness, 9)
    hours = Hours()
    slow(harness, hours, 1.0)
    done = scheduled(harness, ["money"], kept=hours.limits(1000, seconds=10))
    assert done.failed["money"] == "time"
    assert len(harness.books.entries) < 9
    assert "alarm reconcile_unfinished ring=money why=time" in raised(caplog)


def test_a_long_ring_of_money_leaves_time_for_recurring_gifts(harness: Harness) -> None:
    scheduled(harness, ["money"])
    givers(harness, 12)
    monthly = givers(harness, 1, "month")
    harness.tell(monthly)
    (subscription,) = harness.stripe.of("subscription")
    harness.stripe.stop(subscription["id"])
    hours = Hours()
    slow(harness, hours, 1.0)
    done = scheduled(harness, ["money"], kept=hours.limits(1000, seconds=80))
    assert done.failed == {"money": "time"}
    assert done.parts["recurring"].applied == 1


# ---- events that cannot be read ----

ODD_EVENTS: list[Any] = [
    {"id": "evt_odd", "object": "event"},
    {"id": "evt_odd", "created": "yesterday"},
    {"id": "evt_odd", "created": 1, "type": "x", "livemode": False},
    {"id": "evt_odd", "object": "v2.core.event", "created": 1, "type": "v2.core.event_destination.ping"},
    {"id": "ada@reader.example", "created": 1},
    "ada@reader.example",
    None,
]


@pytest.mark.parametrize("ring", ["undelivered", "events"])
@pytest.mark.parametrize("event", ODD_EVENTS)
def test_an_event_that_cannot_be_read_is_named_and_the_others_are_stored_and_applied(
    harness: Harness, caplog: pytest.LogCaptureFixture, ring: str, event: Any
) -> None:
    harness.gives(1000)
    harness.pass_time(3600)
    whole = harness.stripe.events

    def listed(*, since: int, undelivered: bool = False) -> Any:
        yield event
        yield from whole(since=since, undelivered=undelivered)

    harness.stripe.events = listed  # type: ignore[method-assign] # the port's call, on one double
    done = reconciles(harness, [ring], by_hand=False)
    part = done.parts[ring]
    assert (part.unusable, len(part.bad_lines), part.failed) == (1, 1, None)
    assert harness.books.totals == {"eur": (1000, 1)}
    wakes = f"alarm reconcile_faults ring={ring} faults=1"
    assert any(line.startswith(wakes) for line in raised(caplog)) == (ring == "events"), "once an hour is enough"
    assert "reader.example" not in caplog.text


def test_an_event_that_the_table_will_never_take_is_named_and_the_others_are_stored(harness: Harness) -> None:
    events = harness.gives(1000, "month")
    harness.pass_time(3600)
    large = str(next(one["id"] for one in events if one["type"] == "checkout.session.completed"))

    def never(call: str, what: Any) -> None:
        if call == "write" and getattr(what, "item", {}).get("pk") == keys.event(large)[0]:
            raise TableRefused("ValidationException")

    harness.table = Around(harness.table, never)
    part = reconciles(harness, ["events"], by_hand=False).parts["events"]
    assert part.bad_lines == [BadLine(large, "TooLarge")]
    assert part.failed is None
    assert harness.books.totals == {"eur": (1000, 1)}
