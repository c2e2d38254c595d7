"""docs/testing.md: its logic test runs as it stands there (its story: tests/stories/test_testing_page.py)."""

import re

import pytest

from testkit.harness import Harness
from testkit.tables import Unguarded
from tests.architecture.testing_page import PAGE, example


def test_the_logic_test_of_the_page(harness: Harness) -> None:
    example("test_a_monthly_gift_opens_until_it_is_given_back")(harness)


def test_the_logic_test_of_the_page_can_fail(harness: Harness) -> None:
    harness.table = Unguarded(harness.table, "SUP#", "MONEY#", drop=True)
    with pytest.raises(AssertionError):
        example("test_a_monthly_gift_opens_until_it_is_given_back")(harness)


def test_every_folder_of_tests_has_its_command() -> None:
    """What is not named on the page runs in `make test`; what the page names is what the Makefile runs apart."""
    makefile = (PAGE.parents[1] / "Makefile").read_text("utf-8")
    (everyday,) = re.findall(r"^EVERYDAY := \$\(filter-out ([^,]*) %__pycache__/,", makefile, re.MULTILINE)
    table = PAGE.read_text("utf-8").partition("## Where does mine go")[0]
    assert set(everyday.split()) == set(re.findall(r"`(tests/[a-z]+/)`", table))
