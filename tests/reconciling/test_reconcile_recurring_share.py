"""More recurring gifts than a run has time for: each run begins where the last one was cut off."""

import logging
from typing import Any

import pytest

from chalicelib.kernel.table import Update
from chalicelib.rails.stripe.reconcile.recurring import share_of
from chalicelib.reconciling import progress
from chalicelib.reconciling.run import BadLine, RecurringTally
from testkit.harness import Harness
from testkit.reconciling import Hours, givers, reconciles, scheduled, slow


def raised(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]


@pytest.fixture
def monthly(harness: Harness) -> list[str]:
    """Twelve recurring gifts, each stopped at Stripe without a word to us; oldest first."""
    harness.tell(givers(harness, 12, "month"))
    names = [str(one["id"]) for one in harness.stripe.of("subscription")]
    for name in names:
        harness.stripe.stop(name)
    return names


def standings(harness: Harness) -> list[Any]:
    """What each supporter has."""
    return [row for row in harness.rows() if row["sk"] == "ACCESS"]


def looked_at(harness: Harness, names: list[str]) -> set[str]:
    """Those of whose stop we know by now."""
    known = set[str]()
    for row in standings(harness):
        known |= {name for name, gift in row["recurring"].items() if "ends_at" in gift}
    return known & set(names)


def cut_run(harness: Harness, seconds: float) -> RecurringTally:
    """A scheduled run in which a read takes a second and there are only so many."""
    hours = Hours()
    real = harness.table
    slow(harness, hours, 1.0)
    done = scheduled(harness, ["money"], kept=hours.limits(1000, seconds=seconds))
    harness.table = real
    part = done.parts["recurring"]
    assert isinstance(part, RecurringTally)
    return part


def without_money(harness: Harness) -> None:
    """So that the first part of the ring takes no time."""
    harness.stripe.on_answer = lambda name, answer: (
        answer | {"data": []} if name == "balance_transactions" else answer
    )


def test_what_one_run_had_no_time_for_the_next_one_begins_with(harness: Harness, monthly: list[str]) -> None:
    without_money(harness)
    seen: list[set[str]] = [set()]
    for _ in range(12):
        found = cut_run(harness, seconds=40)
        seen.append(looked_at(harness, monthly))
        if seen[-1] == set(monthly):
            break
        assert found.failed == "time"
        assert seen[-1] > seen[-2], "each run comes further"
    assert seen[-1] == set(monthly)
    assert len(seen) > 3, "not in one or two: this test would prove nothing"


def test_begun_at_the_same_end_each_time_the_last_ones_would_never_be_looked_at(
    harness: Harness, monthly: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: nothing is remembered, and gifts that are up to date cost a read or two as well."""
    without_money(harness)
    monkeypatch.setattr(progress, "note_round", lambda *_: None)
    for _ in range(8):
        cut_run(harness, seconds=15)
    assert looked_at(harness, monthly) < set(monthly)


def test_a_run_that_comes_to_its_end_forgets_the_place(harness: Harness, monthly: list[str]) -> None:
    without_money(harness)
    cut_run(harness, seconds=40)
    assert progress.round_of(harness.table).before is not None
    assert scheduled(harness, ["money"]).failed == {}
    done = progress.round_of(harness.table)
    assert (done.before, done.behind, done.people) == (None, None, 12)
    assert 12 <= done.size <= 13, "those of the second at which it was cut off are looked at again"
    assert looked_at(harness, monthly) == set(monthly)


def test_a_place_in_the_second_list_is_kept_and_what_ended_meanwhile_is_found(
    harness: Harness, monthly: list[str]
) -> None:
    """None of them is on Stripe's list any more: each is asked about, one after the other, over some runs."""
    without_money(harness)
    for name in monthly:
        harness.stripe.end(name)
    for _ in range(12):
        if cut_run(harness, seconds=40).failed is None:
            break
    ended = {
        name for row in standings(harness) for name, gift in row["recurring"].items() if gift["status"] == "canceled"
    }
    assert ended == set(monthly)


# ---- a thirtieth a day ----


def test_a_share_is_a_thirtieth_and_at_least_a_hundred() -> None:
    assert [share_of(size) for size in (0, 1, 3000, 3001, 600_000)] == [None, 100, 100, 101, 20_000]


def test_in_as_many_days_as_there_are_shares_each_is_looked_at_once(
    harness: Harness, monthly: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    without_money(harness)
    monkeypatch.setattr("chalicelib.rails.stripe.reconcile.recurring._LEAST", 5)
    progress.note_round(harness.table, progress.Round(size=12, people=12))
    seen = []
    for _ in range(3):
        part = scheduled(harness, ["money"]).parts["recurring"]
        seen.append((part.seen, len(looked_at(harness, monthly))))
    assert [count for _, count in seen] == [5, 10, 12]
    assert [count for count, _ in seen] == [5, 5, 2]
    assert progress.round_of(harness.table).size == 12


def test_within_a_day_nothing_is_looked_at_twice(harness: Harness, monthly: list[str]) -> None:
    without_money(harness)
    assert scheduled(harness, ["money"]).parts["recurring"].seen == len(monthly)
    harness.pass_time(3600)
    assert reconciles(harness, ["money"], by_hand=False).parts["recurring"].seen == 0
    harness.pass_time(20 * 3600)
    assert reconciles(harness, ["money"], by_hand=False).parts["recurring"].seen == len(monthly)


def test_many_of_the_same_second_do_not_hold_a_round_up(
    harness: Harness, monthly: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    without_money(harness)
    for one in harness.stripe.of("subscription"):
        harness.stripe.account.put(one | {"created": 1_790_000_000})
    monkeypatch.setattr("chalicelib.rails.stripe.reconcile.recurring._LEAST", 5)
    progress.note_round(harness.table, progress.Round(size=12, people=12))
    scheduled(harness, ["money"])
    assert looked_at(harness, monthly) == set(monthly)


def test_a_late_gift_that_stripe_does_not_list_is_asked_about_though_only_a_share_was_seen(
    harness: Harness, monthly: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    without_money(harness)
    for name in monthly:
        harness.stripe.end(name)
    monkeypatch.setattr("chalicelib.rails.stripe.reconcile.recurring._LEAST", 100)
    progress.note_round(harness.table, progress.Round(before=1, size=12, people=12))
    assert scheduled(harness, ["money"]).parts["recurring"].seen == 0, "none is late, and the list was not seen whole"
    harness.pass_time(32 * 86_400)
    progress.note_round(harness.table, progress.Round(before=1, size=12, people=12))
    assert scheduled(harness, ["money"]).parts["recurring"].seen == 12


# ---- what cannot be looked at, keeps nobody else waiting ----


def test_a_supporters_row_that_cannot_be_read_keeps_nobody_else_from_being_looked_at(
    harness: Harness, monthly: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    rows = sorted(standings(harness), key=lambda row: str(row["pk"]))
    for name in monthly:
        harness.stripe.end(name)
    harness.table.write(Update((rows[0]["pk"], "ACCESS"), set={"recurring": {"sub_x": {"nonsense": 1}}}))
    without_money(harness)
    done = scheduled(harness, ["money"])
    part = done.parts["recurring"]
    assert part.bad_lines == [BadLine("gifts of a supporter", "TypeError")]
    assert (part.faults, part.applied, part.failed) == (1, 11, None)
    assert "alarm reconcile_faults ring=recurring faults=1 first=gifts_of_a_supporter" in raised(caplog)
    assert str(rows[0]["pk"]).removeprefix("SUP#") not in caplog.text, "a supporter's name stands in no log"


@pytest.mark.parametrize(
    "how",
    [
        lambda one: {name: value for name, value in one.items() if name != "id"},
        lambda one: one | {"metadata": "ada@reader.example"},
        lambda one: one | {"items": None},
        lambda one: one | {"start_date": "long ago"},
        lambda _one: None,
    ],
)
def test_an_odd_subscription_is_named_and_the_others_are_looked_at(
    harness: Harness, monthly: list[str], caplog: pytest.LogCaptureFixture, how: Any
) -> None:
    def odd(name: str, answer: Any) -> Any:
        if name != "subscriptions":
            return answer
        return answer | {"data": [how(one) if one["id"] == monthly[3] else one for one in answer["data"]]}

    whole = harness.stripe.subscriptions

    def listed(*, until: int | None = None) -> Any:
        yield from odd("subscriptions", {"data": list(whole(until=until))})["data"]

    harness.stripe.subscriptions = listed  # type: ignore[method-assign] # the port's call, on one double
    without_money(harness)
    part = scheduled(harness, ["money"]).parts["recurring"]
    assert part.faults == 1
    assert part.bad_lines[0].id in (monthly[3], "without a name")
    assert looked_at(harness, monthly) >= set(monthly) - {monthly[3]}
    assert "reader.example" not in caplog.text
