"""Samples and tables of the benchmarks."""

import pytest

from bench.sample import Sample, figure
from bench.tables import Table


def test_the_median_and_how_far_apart_they_lie() -> None:
    sample = Sample([3.0, 100.0, 2.0])
    assert (sample.median, sample.spread) == (3.0, "2.00..100")


def test_times_compares_round_by_round() -> None:
    """A machine that was slow in the second round slowed both down."""
    assert Sample([2.0, 20.0, 2.2]).times(Sample([1.0, 10.0, 1.0])) == 2.0


@pytest.mark.parametrize(("value", "shown"), [(0.123, "0.12"), (9.99, "9.99"), (12.34, "12.3"), (1234.5, "1234")])
def test_three_digits_that_say_something(value: float, shown: str) -> None:
    assert figure(value) == shown


def test_a_table_for_a_terminal_and_for_the_docs() -> None:
    table = Table("Sizes", ("what", "MB"), [("small", "1"), ("large", "1000")], ["Measured."])
    assert table.plain() == "Sizes\n\nwhat     MB\n-----------\nsmall     1\nlarge  1000\n\nMeasured."
    assert table.markdown().splitlines()[2:6] == [
        "| what | MB |",
        "| --- | ---: |",
        "| small | 1 |",
        "| large | 1000 |",
    ]
