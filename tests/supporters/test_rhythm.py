"""How often a recurring gift is charged, and what it comes to: exact, and held against the right rules."""

from fractions import Fraction

import pytest

from chalicelib.kernel.rhythm import UNITS, Rhythm, Unit, rhythm_of
from chalicelib.newsroom.rules import CurrencyRules, Earning

RULES = CurrencyRules(
    minimum=100,
    maximum=500_000,
    presets={},
    earns={
        "once": (),
        "month": (Earning(300, "member"), Earning(1500, "patron")),
        "year": (Earning(3000, "member"), Earning(15_000, "patron")),
    },
)


def tier(amount: int, unit: Unit, count: int = 1) -> str | None:
    earned = RULES.earned_at(amount, Rhythm(unit, count))
    return earned.tier if earned else None


@pytest.mark.parametrize(
    ("said", "normal"),
    [
        (Rhythm("month", 12), Rhythm("year")),
        (Rhythm("month", 24), Rhythm("year", 2)),
        (Rhythm("month", 36), Rhythm("year", 3)),
        (Rhythm("month", 18), Rhythm("month", 18)),
        (Rhythm("day", 7), Rhythm("week")),
        (Rhythm("day", 14), Rhythm("week", 2)),
        (Rhythm("day", 30), Rhythm("day", 30)),
        (Rhythm("week", 4), Rhythm("week", 4)),
        (Rhythm("week", 52), Rhythm("week", 52)),
        (Rhythm("year", 2), Rhythm("year", 2)),
    ],
)
def test_a_rhythm_has_one_way_to_be_said(said: Rhythm, normal: Rhythm) -> None:
    assert said.normal() == normal


def test_the_same_rhythm_said_otherwise_comes_to_the_same() -> None:
    for unit in UNITS:
        for count in range(1, 60):
            rhythm = Rhythm(unit, count)
            for amount in (0, 1, 299, 1500, 3600, 99_999_999):
                assert rhythm.monthly(amount) == rhythm.normal().monthly(amount)
                assert rhythm.yearly(amount) == rhythm.normal().yearly(amount)


def test_what_it_comes_to_is_exact_and_rounded_down_once() -> None:
    months = {
        "day": Fraction(12 * 4, 1461),
        "week": Fraction(12 * 4 * 7, 1461),
        "month": Fraction(1),
        "year": Fraction(12),
    }
    for unit in UNITS:
        for count in (1, 2, 3, 5, 6, 7, 12, 13, 52, 365):
            length = months[unit] * count
            for amount in (1, 115, 499, 500, 1500, 3600, 99_999_999):
                assert Rhythm(unit, count).monthly(amount) == amount / length // 1
                assert Rhythm(unit, count).yearly(amount) == amount * 12 / length // 1


def test_an_amount_is_held_against_the_rules_by_what_it_comes_to() -> None:
    assert tier(1500, "month") == "patron"
    assert tier(1500, "month", 6) is None  # 2.50 a month
    assert tier(1800, "month", 6) == "member"
    assert tier(1799, "month", 6) is None
    assert tier(1500, "month", 3) == "member"  # 5 a month
    assert tier(3600, "month", 12) == tier(3600, "year") == "member"
    assert tier(2999, "month", 12) is tier(2999, "year") is None
    assert tier(6000, "year", 2) == tier(6000, "month", 24) == "member"
    assert tier(5999, "year", 2) is None
    # 18 months are no whole year: 54 € are 3 € a month, and no 36 € a year.
    assert tier(5400, "month", 18) == "member"
    assert tier(5399, "month", 18) is None


def test_weeks_and_days_are_parts_of_a_month_of_the_mean_length() -> None:
    assert tier(69, "week") == "member"  # 3.0003 € in a month of 30.4375 days
    assert tier(68, "week") is None
    assert tier(138, "week", 2) == "member"
    assert tier(10, "day") == "member"  # 3.04 €
    assert tier(9, "day") is None
    assert tier(70, "day", 7) == tier(70, "week")


def test_no_rhythm_is_made_of_what_is_none() -> None:
    assert rhythm_of("once") is rhythm_of(None) is rhythm_of("") is rhythm_of("fortnight", 1) is None
    assert (
        rhythm_of("month", 0) is rhythm_of("month", -1) is rhythm_of("month", None) is rhythm_of("month", 1.5) is None
    )
    assert rhythm_of("month", True) is rhythm_of(["month"]) is None
    assert rhythm_of("week") == Rhythm("week")
    assert rhythm_of("month", 6) == Rhythm("month", 6)
    for wrong in (0, -1, 1.0, True):
        with pytest.raises(ValueError, match="no payment every"):
            Rhythm("month", wrong)  # type: ignore[arg-type] # wrong on purpose
