"""Background work keeps well below Stripe's limits, and ends before its time is over.

Stripe allows 25 requests a second to a sandbox and to one endpoint, 100 to a live account
(https://docs.stripe.com/rate-limits). The sweep and the three rings of reconcile may all run at the same moment, and
readers who pay come first: so the sweep takes 10 a second, and each ring 4. A person who waits for one gets 10, too.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any, cast

from chalicelib.rails.stripe.port import Stripe

SWEEP, RING = 10, 4  # calls a second
_AT_ONCE = 4  # calls that need not wait when nobody called for a while
_PAGE = 100  # objects that Stripe answers in one call for a list


class Pace:
    """Lets so many calls go in a second, and knows when it is time to end.

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
        """Whether the time, or this share of it, has passed."""
        return self._seconds is not None and self._clock() - self._began >= self._seconds * share

    def wait(self) -> None:
        """Before one call."""
        now = self._clock()
        self._next = max(self._next, now)
        too_early = self._next - now - (_AT_ONCE - 1) * self._gap
        if too_early > 0:
            self._pause(too_early)
        self._next += self._gap


class _Paced:
    """`ports.Stripe` whose every call waits for its turn; a list waits once for each page."""

    def __init__(self, stripe: Stripe, pace: Pace) -> None:
        self._stripe, self._pace = stripe, pace

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._stripe, name)

        def paced(*args: Any, **more: Any) -> Any:
            if name in ("events", "balance_transactions", "subscriptions"):
                return self._pages(call(*args, **more))
            self._pace.wait()
            return call(*args, **more)

        return paced

    def _pages(self, listed: Iterator[Any]) -> Iterator[Any]:
        self._pace.wait()
        for number, one in enumerate(listed, 1):
            yield one
            if number % _PAGE == 0:
                self._pace.wait()


def paced(stripe: Stripe, pace: Pace) -> Stripe:
    """The same Stripe, asked at this pace."""
    return cast("Stripe", _Paced(stripe, pace))
