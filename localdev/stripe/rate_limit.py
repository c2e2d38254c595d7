"""Stripe's rate limit: above so many requests within a second the answer is 429, and nothing is done."""

import threading
import time
from collections import deque

from localdev.stripe.errors import ApiRefusal
from localdev.stripe.store import Store

_NOTE = "rate-limit"


class RateLimit:
    """Counts requests of the last second; the limit itself survives a restart."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._lately: deque[float] = deque()
        self.refused = 0

    @property
    def per_second(self) -> int:
        """Requests that are let through in any second; 0 means all."""
        return int(self._store.note(_NOTE).get("per_second", 0))

    def set(self, per_second: int) -> None:
        """Change the limit."""
        self._store.write_note(_NOTE, per_second=per_second)

    def check(self) -> None:
        """Count this request.

        :raises ApiRefusal: 429 `rate_limit` when it is one too many.
        """
        limit = self.per_second
        if not limit:
            return
        with self._lock:
            now = time.monotonic()
            while self._lately and self._lately[0] <= now - 1:
                self._lately.popleft()
            if len(self._lately) < limit:
                self._lately.append(now)
                return
            self.refused += 1
        raise ApiRefusal(
            "Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.",
            code="rate_limit",
            status=429,
            # https://docs.stripe.com/rate-limits: which limiter it was.
            headers={"Stripe-Rate-Limited-Reason": "global-rate"},
        )
