"""`for_each` runs a test with every value, hands fixtures on, and says with which value it failed."""

import pytest

from testkit.for_each import for_each
from testkit.harness import Harness

seen: list[int] = []


@for_each(number=range(3))
def test_every_value_is_tried(number: int, harness: Harness) -> None:
    assert harness.books.totals == {}
    seen.append(number)


def test_every_value_was_tried() -> None:
    test_every_value_is_tried(harness=Harness())
    assert seen[-3:] == [0, 1, 2]


def test_a_failure_says_with_which_value() -> None:
    @for_each(number=[1, 2, 3])
    def fails(number: int) -> None:
        assert number != 2

    with pytest.raises(AssertionError) as failed:
        fails()
    assert failed.value.__notes__ == ["with number = 2"]


def test_nothing_to_try_is_no_success() -> None:
    with pytest.raises(AssertionError, match="There is no number"):
        for_each(number=[])
