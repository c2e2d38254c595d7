"""Promise P1: any order and any repetition of a donor's events gives the same ledger, access and sums.

Every order of eight events, 40,320 a life: not a sample. The work of orders that begin alike is shared, and
beginnings that leave the same behind go on as one (`search`), so that all of them take seconds.
"""

from collections.abc import Callable
from math import factorial

import pytest

from tests.proofs.orders import wrong
from tests.proofs.orders.checks import assert_true, by_name, lasting, past_of
from tests.proofs.orders.past import Flaw, Past, Scenario, lived
from tests.proofs.orders.scenarios import DEBITED, DISPUTED, OVERLAPPING, PAUSED, RETURNED
from tests.proofs.orders.search import Found, search

Record = Callable[[str, object], None]


@by_name
def test_every_order_of_eight_events_ends_the_same(scenario: Scenario, record_property: Record) -> None:
    """All told after the whole life has happened: whatever they say of it is old by then."""
    past = past_of(scenario)
    found = search(past, told_late=True)
    assert len(past.told) == 8
    assert found.orders == factorial(8) == 40_320
    (end,) = found.ends
    assert_true(past, end)
    record_property("figures", f"{found.orders:,} orders of 8 events, {len(found.ends)} end")


@pytest.mark.parametrize("scenario", [DEBITED, OVERLAPPING, PAUSED], ids=lambda scenario: scenario.name)
def test_the_return_page_may_come_at_any_place_among_them(scenario: Scenario, record_property: Record) -> None:
    past = lived(scenario, comes_back=True)
    found = search(past, told_late=True, again=False)
    assert found.orders == factorial(9)
    (end,) = found.ends
    assert_true(past, end)
    record_property("figures", f"{found.orders:,} orders of 8 events and the return page, 1 end")


# ---- the same search with something taken away ----


def is_caught(past: Past, found: Found) -> bool:
    """Whether the search would have failed."""
    if len({lasting(end).text for end in found.ends}) > 1:
        return True
    try:
        assert_true(past, found.ends[0])
    except AssertionError:
        return True
    return False


@pytest.mark.parametrize(
    ("flaw", "scenario"),
    [
        pytest.param(flaw, scenario, id=f"{name} - {scenario.name}")
        for name, flaw, scenarios in [
            ("applied as the event says instead of fetched anew", wrong.FROM_SNAPSHOT, [PAUSED, RETURNED, DISPUTED]),
            ("without the guard of a movement", wrong.NO_GUARD, [RETURNED, OVERLAPPING]),
            ("access as the last event says", wrong.OVERWRITTEN, [RETURNED, DEBITED, OVERLAPPING]),
            ("adding up what was refunded so far", wrong.ADDS_UP, [DEBITED]),
        ]
        for scenario in scenarios
    ],
)
def test_with_a_mechanism_taken_away_the_search_finds_it(flaw: Flaw, scenario: Scenario) -> None:
    past = past_of(scenario)
    assert is_caught(past, search(past, told_late=True, flaw=flaw, again=False))
