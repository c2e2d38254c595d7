"""So many in any ten minutes, wherever they begin, however many ask at once."""

import threading

import pytest

from chalicelib.http.problems import as_problem
from chalicelib.kernel.client_limits import RateLimited, check_rate, network
from chalicelib.kernel.moments import RealTime
from chalicelib.kernel.rate_limits import take
from testkit.clock import NOW
from testkit.harness import EMAIL_KEY, Harness
from testkit.people import watch

WINDOW = 600
START = NOW - NOW % WINDOW


def passed(harness: Harness, times: list[int], limit: int = 10, client: str = "192.0.2.1") -> list[int]:
    """The times at which a call passed. A refusal names its limit, and a wait that is not endless."""
    good, refusals = [], []
    for now in times:
        try:
            check_rate(harness.table, "checkouts", client, limit=limit, key=EMAIL_KEY, now=RealTime(now))
        except RateLimited as refused:
            refusals.append(refused)
        else:
            good.append(now)
    assert {refused.scope for refused in refusals} <= {"checkouts"}
    assert all(1 <= refused.wait <= WINDOW * 11 // 10 for refused in refusals)
    return good


@pytest.mark.parametrize("offset", [0, 1, 59, 60, 299, 590, 599])
def test_a_burst_gets_its_limit_wherever_the_window_begins(harness: Harness, offset: int) -> None:
    assert len(passed(harness, [START + offset] * 15)) == 10


@pytest.mark.parametrize("gap", [7, 31, 55, 61, 120])
def test_no_ten_minutes_hold_more_than_the_limit(harness: Harness, gap: int) -> None:
    times = list(range(START + 17, START + 3 * WINDOW, gap))
    good = passed(harness, times)
    assert all(len([t for t in good if begin <= t < begin + WINDOW]) <= 10 for begin in times)
    assert len(good) >= min(len(times), 20), "nor are readers kept waiting much longer than that"


def test_waiting_as_told_is_enough(harness: Harness) -> None:
    assert len(passed(harness, [START + 595] * 5 + [START + 605] * 5)) == 10
    with pytest.raises(RateLimited) as refused:
        check_rate(harness.table, "checkouts", "192.0.2.1", limit=10, key=EMAIL_KEY, now=RealTime(START + 700))
    assert len(passed(harness, [START + 700 + refused.value.wait])) == 1


def test_a_limit_answers_how_long_to_wait_and_no_words(harness: Harness) -> None:
    """Most who ask have nobody to tell a sentence to; the edge makes the one for a reader."""
    waits = [take(harness.table, "anything", "somebody", 2, WINDOW, RealTime(START)) for _ in range(3)]
    assert waits == [0, 0, WINDOW * 11 // 10]
    assert take(harness.table, "anything", "somebody", 2, WINDOW, RealTime(START + waits[-1] - 1)) > 0, (
        "not a second earlier"
    )
    assert take(harness.table, "anything", "somebody", 2, WINDOW, RealTime(START + waits[-1])) == 0
    told = as_problem(RateLimited("checkouts", 18))
    assert (told.status, told.code, told.details) == (429, "too_many_checkouts", {"retry_after": 18})
    assert told.title == "You asked too often. Please wait a little."


def test_what_is_refused_does_not_count(harness: Harness) -> None:
    assert len(passed(harness, [START] * 100)) == 10
    assert len(passed(harness, [START + 660] * 100)) == 10


@pytest.mark.engine
def test_many_at_once_get_the_limit_together(harness: Harness) -> None:
    good: list[int] = []
    threads = [threading.Thread(target=lambda: good.extend(passed(harness, [START + 5] * 4))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(good) == 10


def test_clients_are_counted_apart(harness: Harness) -> None:
    assert len(passed(harness, [START] * 12)) == 10
    assert len(passed(harness, [START] * 12, client="192.0.2.2")) == 10


def test_no_address_stands_in_the_table(harness: Harness) -> None:
    passed(harness, [START], client="198.51.100.77")
    items = harness.items()
    assert items
    assert "198.51.100.77" not in str(items)


@pytest.mark.parametrize(
    ("client", "counted_as"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("not an address", "not an address"),
    ],
)
def test_a_household_is_one_client(client: str, counted_as: str) -> None:
    assert network(client) == counted_as


def test_who_goes_on_although_refused_costs_no_read(harness: Harness) -> None:
    assert len(passed(harness, [START] * 12)) == 10
    watched = watch(harness)
    assert passed(harness, [START + 1] * 50) == []
    assert watched.calls == 2, "the one read pair that finds no room; this process then knows"
    assert len(passed(harness, [START] * 12, client="192.0.2.2")) == 10, "nobody else is refused by that"
    assert len(passed(harness, [START + 661])) == 1, "and nobody for longer than they were told"
