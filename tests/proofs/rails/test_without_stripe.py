"""The ledger's own tests pass in a house without the Stripe room."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGES = [
    *("tests/rails/test_made_up_rail.py", "tests/booking/test_booking.py", "tests/supporters/test_access.py"),
    *("tests/booking/test_reversals.py", "tests/supporters/test_paid_time.py"),
]
PLUGIN = "tests.rails.stripe_taken_away"


def ran(*pages: str) -> subprocess.CompletedProcess[str]:
    """These pages of tests, in a process that finds neither our Stripe room nor Stripe's package."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", PLUGIN, "--noconftest", *pages]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)


def test_the_ledgers_tests_pass_without_the_stripe_room() -> None:
    done = ran(*PAGES)
    assert done.returncode == 0, done.stdout[-2000:]


@pytest.mark.parametrize("page", ["tests/stand_in/test_our_client.py"])
def test_what_needs_the_room_misses_it(page: str) -> None:
    """The negative control of the test above."""
    done = ran(page)
    assert done.returncode != 0
    assert "taken away" in done.stdout + done.stderr
