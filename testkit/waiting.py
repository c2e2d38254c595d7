"""Waiting for something to become true, with a bound and a sentence."""

import time
from collections.abc import Callable


def until(condition: Callable[[], object], what: str, seconds: float = 20) -> None:
    """Wait until `condition()` holds.

    :raises TimeoutError: it did not in time; `what` says what was waited for.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"Waited {seconds:g} s in vain for: {what}")
        time.sleep(0.05)
