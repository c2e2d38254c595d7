"""What a dispute's line is worth as it was given: by Stripe's rate, or by the proportion of what settled."""

from typing import Any

import pytest

from chalicelib.rails.stripe.reconcile.converted import GivenAmount, worth_of


def line(amount: int, rate: float | None = None, currency: str = "usd", created: int = 0) -> dict[str, Any]:
    return {"amount": amount, "currency": currency, "exchange_rate": rate, "created": created}


def dispute(*moved: Any, amount: int = 2500, currency: str = "eur") -> dict[str, Any]:
    return {"amount": amount, "currency": currency, "balance_transactions": list(moved)}


def test_the_withdrawals_rate_counts_for_what_came_back() -> None:
    """Another day's rate would make a gain or a loss of it that no giver had."""
    first, back = line(-2711, 1.0844), line(980, 1.2, created=9)
    found = worth_of(back, dispute(back, first))
    assert found.amount == 904
    assert 0 < found.within < 10


def test_without_any_rate_the_proportion_counts() -> None:
    first, back = line(-2711), line(980, created=9)
    assert worth_of(back, dispute(first, back)) == GivenAmount(904, 1)
    assert worth_of(first, dispute(first, back)) == GivenAmount(-2500, 1)


def test_a_dispute_that_only_names_its_transactions_leaves_the_line_its_own_rate() -> None:
    assert worth_of(line(980, 1.0844), dispute("txn_1", "txn_2")).amount == 904
    assert worth_of(line(-2711), dispute("txn_1")).amount == -2500


@pytest.mark.parametrize("rate", [0.61, 0.0061])
def test_of_yen_a_rate_is_read_either_way(rate: float) -> None:
    """By minor units or by whole ones: Stripe's documentation does not say."""
    first = line(-3050, rate, "eur")
    found = worth_of(first, dispute(first, amount=5000, currency="jpy"))
    assert (found.amount, found.within < 50) == (-5000, True)


def test_nothing_to_go_by_is_no_guess() -> None:
    with pytest.raises(ValueError, match="no rate"):
        worth_of(line(980), dispute("txn_1"))
    with pytest.raises(ValueError, match="no rate"):
        worth_of(line(980, 0.0), dispute())
