"""What a dispute moved in the currency of the gift, when it settled in another one."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.rails.stripe.events.settlement import ScaleUnknown, as_given


@dataclass(frozen=True)
class Moved:
    """A balance transaction."""

    id: str
    amount: int
    created: int = 0
    currency: str = "usd"


def given_back(*moved: Moved, disputed: int = 2500) -> dict[str, int]:
    """In euro, what a dispute of so much moved."""
    return as_given(moved, disputed, "eur")


def test_what_is_reinstated_is_scaled_by_what_was_withdrawn() -> None:
    assert given_back(Moved("txn_1", -2711), Moved("txn_2", 980, 9)) == {"txn_1": -2500, "txn_2": 904}


def test_all_of_it_back_is_all_of_it() -> None:
    assert sum(given_back(Moved("txn_1", -2711), Moved("txn_2", 2711, 9)).values()) == 0


def test_without_a_conversion_the_money_is_its_own_measure() -> None:
    moved = (Moved("txn_1", -1000, currency="eur"), Moved("txn_2", 900, -9, currency="eur"))
    assert given_back(*moved, disputed=1000) == {"txn_1": -1000, "txn_2": 900}


def test_without_a_conversion_a_dispute_taken_in_two_parts_stays_what_it_was() -> None:
    """The first withdrawal is a part of the disputed amount, and nothing is scaled by it."""
    moved = (Moved("txn_1", -400, currency="eur"), Moved("txn_2", -600, 9, currency="eur"))
    assert given_back(*moved, disputed=1000) == {"txn_1": -400, "txn_2": -600}


def test_what_moved_nothing_is_no_measure_and_one_cent_is() -> None:
    nothing = Moved("txn_0", 0, -9)
    assert given_back(nothing, Moved("txn_1", -1)) == {"txn_0": 0, "txn_1": -2500}
    with pytest.raises(ScaleUnknown):
        given_back(nothing)


def test_twice_the_disputed_amount_is_the_most_that_is_believed() -> None:
    first = Moved("txn_1", -100)
    assert given_back(first, Moved("txn_2", 200, 9), disputed=1000)["txn_2"] == 2000
    for more in (201, 250, 300):
        with pytest.raises(ScaleUnknown):
            given_back(first, Moved("txn_2", more, 9), disputed=1000)


APPEALED = (
    Moved("txn_1", -2711, 100),
    Moved("txn_2", 980, 200),
    Moved("txn_3", -980, 300),
    Moved("txn_4", 2650, 400),
)


def test_a_transaction_keeps_its_amount_whatever_else_is_known_and_in_whatever_order() -> None:
    """Withdrawn, back in part, withdrawn again on appeal, back at another day's rate: a movement never changes."""
    whole = given_back(*APPEALED)
    assert whole == {"txn_1": -2500, "txn_2": 904, "txn_3": -904, "txn_4": 2444}
    for count in range(1, 5):
        for told in permutations(APPEALED[:count]):
            assert given_back(*told) == {name: whole[name] for name in sorted(one.id for one in told)}


def test_two_of_the_same_second_are_told_apart_by_what_they_are() -> None:
    same = (Moved("txn_b", -980, 100), Moved("txn_a", -2711, 100))
    assert given_back(*same) == given_back(*reversed(same)) == {"txn_a": -2500, "txn_b": -904}


def test_money_that_came_back_and_was_never_taken_is_nobodys_measure() -> None:
    with pytest.raises(ScaleUnknown):
        given_back(Moved("txn_1", 980))
    with pytest.raises(ScaleUnknown):
        given_back(Moved("txn_1", -1000, currency="eur"), Moved("txn_2", 980))


def test_a_correction_beside_the_withdrawal_is_a_part_of_it() -> None:
    """Seen of international cards (https://github.com/alphagov/pay-connector/pull/5011)."""
    assert given_back(Moved("txn_2", -11, 100), Moved("txn_1", -2711, 100)) == {"txn_2": -10, "txn_1": -2500}
    assert given_back(Moved("txn_1", -2711, 100), Moved("txn_2", 11, 101)) == {"txn_1": -2500, "txn_2": 10}


def test_a_correction_before_the_withdrawal_is_no_measure_of_it() -> None:
    with pytest.raises(ScaleUnknown):
        given_back(Moved("txn_2", -11, 99), Moved("txn_1", -2711, 100))


def test_halves_go_away_from_zero_on_both_sides() -> None:
    assert given_back(Moved("a", -2000), Moved("b", 1, 1), Moved("c", -1, 2), disputed=1000) == {
        "a": -1000,
        "b": 1,
        "c": -1,
    }


@given(
    st.integers(1, 99_999_999),
    st.integers(1, 99_999_999),
    st.lists(st.integers(-99_999_999, 99_999_999).filter(bool), max_size=5),
)
def test_the_first_withdrawal_is_the_dispute_and_nothing_is_further_off_than_half_a_coin(
    disputed: int, withdrawn: int, later: Sequence[int]
) -> None:
    moved = [Moved("txn_0", -withdrawn)]
    largest = 2 * withdrawn
    moved += [Moved(f"txn_{at}", amount % largest or 1, at) for at, amount in enumerate(later, 1)]
    found = given_back(*moved, disputed=disputed)
    assert found["txn_0"] == -disputed
    for one in moved:
        assert 2 * abs(found[one.id] * withdrawn - disputed * one.amount) <= withdrawn
