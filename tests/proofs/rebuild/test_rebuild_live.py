"""Rebuild beside live traffic: nothing that is booked meanwhile is lost, doubled, or told as a difference."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.kernel import keys
from chalicelib.kernel.table import Table, Update
from chalicelib.ledger.rows import sums as ledger_sums
from chalicelib.rails.registry import RAILS
from chalicelib.rebuild.actions.rebuild import Rebuilt, as_json, rebuild
from testkit.harness import ADA, EMAIL_KEY, Harness
from testkit.rebuilding import access, entries, found, rebuilds, scenarios, written
from testkit.tables import Around, Unguarded

Between = Callable[[str, Any], None]


@pytest.fixture
def harness(harness: Harness) -> Harness:
    """A harness after a rich life, whose readers go on giving."""
    scenarios(harness)
    return harness


def gives(harness: Harness) -> None:
    """A gift with all that it does: a campaign, a month, a grant."""
    harness.tell(harness.gives(1000, campaign="winter"))


def on_the(number: int, call: str, work: Callable[[], object]) -> Between:
    """For `Around`: do this once, just before the so-manieth call of this name."""
    so_far = 0

    def before(name: str, _what: Any) -> None:
        nonlocal so_far
        so_far += name == call
        if so_far == number and name == call:
            so_far += 1_000_000
            work()

    return before


def rebuilds_on(table: Table, harness: Harness, *, repair: bool = True) -> Rebuilt:
    return rebuild(table, EMAIL_KEY, rails=RAILS, repair=repair, now=harness.now(), zone=harness.newsroom.zone)


def gross(harness: Harness) -> int:
    return ledger_sums.totals(harness.table)["eur"].gross


def a_sum_is_wrong(harness: Harness) -> None:
    """Of this very month, to which the next gift adds."""
    harness.table.write(Update(keys.total(keys.month(harness.clock.business), "eur", 3), add={"gross": 777}))


def pages_of(harness: Harness) -> int:
    """How many calls a pass takes."""
    calls: list[str] = []
    rebuilds_on(Around(harness.table, lambda name, _what: calls.append(name)), harness, repair=False)
    return calls.count("scan")


def test_a_gift_in_the_middle_of_a_pass_is_no_difference(harness: Harness) -> None:
    pages = pages_of(harness)
    assert pages >= 4
    for number in range(1, pages + 1):
        table = Around(harness.table, on_the(number, "scan", lambda: gives(harness)))
        done = rebuilds_on(table, harness, repair=False)
        assert (found(done), done.unclear, done.moving) == ([], 0, ()), number


def test_a_gift_at_any_moment_of_a_repair_is_neither_lost_nor_doubled(harness: Harness) -> None:
    """Before every single call that a repair makes, with damage to sums and to access."""
    number = calls = 0
    times: list[int] = []

    def gives_now() -> None:
        times.append(number)
        gives(harness)

    while number <= calls:
        number += 1
        a_sum_is_wrong(harness)
        written(harness, access(harness), grants=[])
        names: list[str] = []
        given = on_the(number, "any", gives_now)

        def before(name: str, _what: Any, names: list[str] = names, given: Between = given) -> None:
            names.append(name)
            given("any", None)

        rebuilds_on(Around(harness.table, before), harness)
        calls = max(calls, len(names))
        rebuilds(harness, repair=True)  # what a gift was at just then is left for the next run
        done = rebuilds(harness)
        assert (found(done), done.moving) == ([], ()), (number, names[number - 1 : number])
    assert len(times) > 20
    gifts = [row for row in entries(harness) if row["kind"] == "gift"]
    grants = {grant.id for grant in harness.state().standing.grants}
    assert grants == {row["id"] for row in gifts if "subscription" not in row}
    assert len(gifts) == 3 + len(times)


def test_two_people_who_repair_at_once_add_a_difference_once(harness: Harness) -> None:
    right = gross(harness)
    a_sum_is_wrong(harness)
    done = rebuilds_on(Around(harness.table, on_the(1, "write", lambda: rebuilds(harness, repair=True))), harness)
    assert gross(harness) == right
    assert found(done) == ["total"]
    assert done.left == done.differences, "the other one was faster, which this one cannot know"
    assert found(rebuilds(harness)) == []


def test_without_the_condition_it_would_be_added_twice(harness: Harness) -> None:
    """The negative control of the test above."""
    right = gross(harness)
    a_sum_is_wrong(harness)
    careless = Unguarded(harness.table, keys.TOTALS)
    rebuilds_on(Around(careless, on_the(1, "write", lambda: rebuilds(harness, repair=True))), harness)
    assert gross(harness) == right - 777


def test_without_the_version_a_gift_would_lose_what_it_earned(harness: Harness) -> None:
    """The negative control of the test of every moment."""
    written(harness, access(harness), grants=[])
    careless = Unguarded(harness.table, "SUP#", "ACCESS")
    rebuilds_on(Around(careless, on_the(1, "transact", lambda: gives(harness))), harness)
    assert found(rebuilds(harness)) == ["grant"]


def test_where_gifts_never_stop_sums_are_not_judged_and_all_else_is(harness: Harness) -> None:
    a_sum_is_wrong(harness)
    written(harness, access(harness), grants=[])
    done = rebuilds_on(
        Around(harness.table, lambda _name, what: gives(harness) if what in keys.all_totals() else None), harness
    )
    assert found(done) == ["grant"]
    assert {group[0] for group in done.moving} == {"month", "campaign"}
    assert found(rebuilds(harness, repair=True)) == ["total"]
    assert found(rebuilds(harness)) == []


@pytest.mark.engine
def test_after_a_rich_life_nothing_differs_on_a_real_engine(harness: Harness) -> None:
    done = rebuilds(harness)
    assert found(done) == []
    told = as_json(done)
    assert (told["entries"], told["supporters"], told["not_told"], told["unclear"]) == (16, 4, 0, 0)
    assert told["waiting"] == {"pending": 0, "parked": 0}
    assert told["totals"]["eur"] == {
        "gross": 9500,
        "refunded": 1200,
        "dispute_lost": 3000,
        "net": 5300,
        "payments": 7,
        "fees": told["totals"]["eur"]["fees"],
    }
    stored = {code: vars(sums) for code, sums in ledger_sums.totals(harness.table).items()}
    assert {code: vars(sums) for code, sums in done.totals.items()} == stored
    before = harness.rows()
    assert found(rebuilds(harness, repair=True)) == []
    assert harness.rows() == before, "nothing to mend, nothing written"


@pytest.mark.engine
def test_repairs_in_a_crowd(harness: Harness) -> None:
    events = [event for number in range(12) for event in harness.gives(1000, email=f"{number}@reader.example")]
    a_sum_is_wrong(harness)
    written(harness, access(harness), grants=[])
    done: list[Rebuilt] = []
    stop = threading.Event()

    def repairs() -> None:
        while not stop.is_set():
            done.append(rebuilds(harness, repair=True))

    crowd = [threading.Thread(target=repairs) for _ in range(2)]
    for one in crowd:
        one.start()
    for event in events:
        assert harness.take_in(event)["stored"]
    stop.set()
    for one in crowd:
        one.join(60)
    harness.sweeps()
    rebuilds(harness, repair=True)
    assert found(rebuilds(harness)) == []
    assert len(done) >= 2
    assert harness.totals()["eur"] == (9500 + 12_000, 7 + 12)
    assert harness.access(ADA).tier == "member"
