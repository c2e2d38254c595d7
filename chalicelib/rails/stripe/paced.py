"""Rate-limited access to Stripe for background work: well below Stripe's limits, so that readers who pay come first.

Stripe allows 25 requests a second to a sandbox and to one endpoint, 100 to a live account
(https://docs.stripe.com/rate-limits). The sweep and the three rings of reconcile may all run at the same moment: so
the sweep takes 10 a second, and each ring 4. A person who waits for one gets 10, too.
"""

from collections.abc import Callable, Iterator

from chalicelib.rails.stripe.port import Answer, Stripe
from chalicelib.rails.stripe.relay import Got, Relay
from chalicelib.reconciling.work_limits import WorkLimits

SWEEP, RING = 10, 4  # calls a second
_PAGE = 100  # objects that Stripe answers in one call for a list


class Paced(Relay):
    """Implements `port.Stripe` with a rate limit: each call waits until it may be made, a list for each page."""

    def __init__(self, stripe: Stripe, limits: WorkLimits) -> None:
        super().__init__(stripe)
        self._limits = limits

    def ask(self, what: str, call: Callable[[str], Got], name: str) -> Got:
        """Wait for the rate limit, then read."""
        self._limits.wait()
        return super().ask(what, call, name)

    def change(self, call: Callable[[], Answer]) -> Answer:
        """Wait for the rate limit, then make the change."""
        self._limits.wait()
        return super().change(call)

    def pages(self, listed: Iterator[Answer]) -> Iterator[Answer]:
        """Wait for the rate limit before each page."""
        self._limits.wait()
        for number, one in enumerate(listed, 1):
            yield one
            if number % _PAGE == 0:
                self._limits.wait()
