"""Rebuild beside live traffic: nothing that is booked meanwhile is lost, doubled, or told as a difference."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib.kernel import keys
from chalicelib.kernel.table import Table, Update
from chalicelib.ledger.rows import sums as ledger_sums
from chalicelib.rails.registry import RAILS
from chalicelib.rebuild.actions.rebuild import Rebuilt, rebuild
from tests.support.engine import Engine
from tests.support.memory_till import MemoryTill
from tests.support.rebuilding import access, entries, found, lives, rebuilds, written
from tests.support.tables import Around, Unguarded
from tests.support.till import ADA, Till
from tests.support.wired import wired_to
from tests.support.world import EMAIL_KEY

Between = Callable[[str, Any], None]


@pytest.fixture
def till() -> Iterator[Till]:
    """A till in memory after a rich life, whose readers go on giving."""
    with wired_to(MemoryTill()) as till:
        lives(till)
        yield till


def gives(till: Till) -> None:
    """A gift with all that it does: a campaign, a month, a grant."""
    till.tell(till.gives(1000, campaign="winter"))


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


def rebuilds_on(table: Table, till: Till, *, repair: bool = True) -> Rebuilt:
    return rebuild(table, EMAIL_KEY, rails=RAILS, repair=repair, now=till.business, zone=till.newsroom.zone)


def gross(till: Till) -> int:
    return ledger_sums.totals(till.table)["eur"].gross


def a_sum_is_wrong(till: Till) -> None:
    """Of this very month, to which the next gift adds."""
    till.table.write(Update(keys.total(keys.month(till.business), "eur", 3), add={"gross": 777}))


def pages_of(till: Till) -> int:
    """How many calls a pass takes."""
    calls: list[str] = []
    rebuilds_on(Around(till.table, lambda name, _what: calls.append(name)), till, repair=False)
    return calls.count("scan")


def test_a_gift_in_the_middle_of_a_pass_is_no_difference(till: Till) -> None:
    pages = pages_of(till)
    assert pages >= 4
    for number in range(1, pages + 1):
        table = Around(till.table, on_the(number, "scan", lambda: gives(till)))
        done = rebuilds_on(table, till, repair=False)
        assert (found(done), done.unclear, done.moving) == ([], 0, ()), number


def test_a_gift_at_any_moment_of_a_repair_is_neither_lost_nor_doubled(till: Till) -> None:
    """Before every single call that a repair makes, with damage to sums and to access."""
    number = calls = 0
    times: list[int] = []

    def gives_now() -> None:
        times.append(number)
        gives(till)

    while number <= calls:
        number += 1
        a_sum_is_wrong(till)
        written(till, access(till), grants=[])
        names: list[str] = []
        given = on_the(number, "any", gives_now)

        def before(name: str, _what: Any, names: list[str] = names, given: Between = given) -> None:
            names.append(name)
            given("any", None)

        rebuilds_on(Around(till.table, before), till)
        calls = max(calls, len(names))
        rebuilds(till, repair=True)  # what a gift was at just then is left for the next run
        done = rebuilds(till)
        assert (found(done), done.moving) == ([], ()), (number, names[number - 1 : number])
    assert len(times) > 20
    gifts = [row for row in entries(till) if row["kind"] == "gift"]
    grants = {grant.id for grant in till.state().standing.grants}
    assert grants == {row["id"] for row in gifts if "subscription" not in row}
    assert len(gifts) == 3 + len(times)


def test_two_people_who_repair_at_once_add_a_difference_once(till: Till) -> None:
    right = gross(till)
    a_sum_is_wrong(till)
    done = rebuilds_on(Around(till.table, on_the(1, "write", lambda: rebuilds(till, repair=True))), till)
    assert gross(till) == right
    assert found(done) == ["total"]
    assert done.left == done.differences, "the other one was faster, which this one cannot know"
    assert found(rebuilds(till)) == []


def test_without_the_condition_it_would_be_added_twice(till: Till) -> None:
    """The negative control of the test above."""
    right = gross(till)
    a_sum_is_wrong(till)
    careless = Unguarded(till.table, keys.TOTALS)
    rebuilds_on(Around(careless, on_the(1, "write", lambda: rebuilds(till, repair=True))), till)
    assert gross(till) == right - 777


def test_without_the_version_a_gift_would_lose_what_it_earned(till: Till) -> None:
    """The negative control of the test of every moment."""
    written(till, access(till), grants=[])
    careless = Unguarded(till.table, "SUP#", "ACCESS")
    rebuilds_on(Around(careless, on_the(1, "transact", lambda: gives(till))), till)
    assert found(rebuilds(till)) == ["grant"]


def test_where_gifts_never_stop_sums_are_not_judged_and_all_else_is(till: Till) -> None:
    a_sum_is_wrong(till)
    written(till, access(till), grants=[])
    done = rebuilds_on(Around(till.table, lambda _name, what: gives(till) if what == keys.TOTALS else None), till)
    assert found(done) == ["grant"]
    assert {group[0] for group in done.moving} == {"month", "campaign"}
    assert found(rebuilds(till, repair=True)) == ["total"]
    assert found(rebuilds(till)) == []


def test_repairs_in_a_crowd_on_a_real_engine(engine: Engine, table_name: str) -> None:
    with wired_to(Till(engine.endpoint, table_name)) as till:
        lives(till)
    events = [event for number in range(12) for event in till.gives(1000, email=f"{number}@reader.example")]
    a_sum_is_wrong(till)
    written(till, access(till), grants=[])
    done: list[Rebuilt] = []
    stop = threading.Event()

    def repairs() -> None:
        while not stop.is_set():
            done.append(rebuilds(till, repair=True))

    crowd = [threading.Thread(target=repairs) for _ in range(2)]
    for one in crowd:
        one.start()
    for event in events:
        assert till.take_in(event)["stored"]
    stop.set()
    for one in crowd:
        one.join(60)
    till.sweeps()
    rebuilds(till, repair=True)
    assert found(rebuilds(till)) == []
    assert len(done) >= 2
    assert till.totals()["eur"] == (9500 + 12_000, 7 + 12)
    assert till.access(ADA).tier == "member"
