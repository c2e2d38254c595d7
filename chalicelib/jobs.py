"""Scheduled work. Runs without `app.py` having been asked for anything else, so it finds its wiring itself."""

from collections.abc import Mapping

from chalicelib import wiring as wiring_module


def sweep() -> Mapping[str, int]:
    """Apply pending events and send unsent mail; answers how many of each."""
    from chalicelib.actions.sweep import sweep as run

    return run(wiring_module.current())
