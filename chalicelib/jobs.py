"""Scheduled work. Runs without `app.py` having been asked for anything else, so it finds its wiring itself."""

from collections.abc import Mapping
from typing import Any

from chalicelib import wiring as wiring_module


def sweep(seconds: float | None = None) -> Mapping[str, Any]:
    """Apply due events and send due mails; answers how many of each.

    :param seconds: how long this function may still run; None: as long as a run needs.
    """
    from chalicelib.actions import pace
    from chalicelib.actions.sweep import SECONDS
    from chalicelib.actions.sweep import sweep as run

    return run(wiring_module.current(), pace=pace.Pace(pace.SWEEP, _at_most(SECONDS, seconds)))


def _at_most(most: float, left: float | None) -> float:
    return most if left is None else max(0, min(most, left - _TO_END))


_TO_END = 15  # seconds that the last call may take, so that Lambda ends no work in its middle
