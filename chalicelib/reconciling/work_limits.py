"""The rate limit and the deadline of background work."""

import time
from collections.abc import Callable

_AT_ONCE = 4  # calls that need not wait when nobody called for a while


class OutOfTime(Exception):
    """The run's time is over before everything was looked at."""


class WorkLimits:
    """A rate limit and a deadline for one run of background work.

    :param per_second: calls a second.
    :param seconds: how long the work may take from now on; None: as long as it takes.
    :param clock, pause: in seconds; tests pass their own.
    """

    def __init__(
        self,
        per_second: int,
        seconds: float | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._gap, self._clock, self._pause = 1 / per_second, clock, pause
        self._began = self._next = clock()
        self._seconds = seconds

    def over(self, share: float = 1.0) -> bool:
        """Whether the deadline, or this share of the time to it, has passed."""
        return self._seconds is not None and self._clock() - self._began >= self._seconds * share

    def wait(self) -> None:
        """Wait until the next call may be made; to be called before each."""
        now = self._clock()
        self._next = max(self._next, now)
        too_early = self._next - now - (_AT_ONCE - 1) * self._gap
        if too_early > 0:
            self._pause(too_early)
        self._next += self._gap
