"""The tables that earlier releases left, each by its name."""

from collections.abc import Iterator

import pytest

from chalicelib import wiring
from tests.proofs.releases import kept
from tests.proofs.releases.kept import Kept


@pytest.fixture(params=kept.NAMES)
def release(request: pytest.FixtureRequest) -> Iterator[Kept]:
    """A release's table with what that release read from it."""
    yield kept.read(request.param)
    wiring.uninstall()
