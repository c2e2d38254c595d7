"""On the road from Stripe to the app's webhook: deliveries that never arrive, arrive twice at once, or go unanswered.

Also the one who writes down what arrived in which order.
"""

import json
import random
import threading
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from localdev.trouble.proxy import Answer, Forward, Request

# astray: it never reached the app; unanswered: the app took it, and Stripe never heard; twice: two at once.
KINDS = ("astray", "unanswered", "twice")
_SERVER_ERROR = 500
_AWAY = Answer(503, b"lost on the way")
_LATE = Answer(504, b"the answer was lost on the way")


class TroubledRoad:
    """See above. `rates`: the share of deliveries, by kind."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - a rehearsal that can be repeated, no secret
        self._lock = threading.Lock()
        self._rates = dict.fromkeys(KINDS, 0.0)
        self._counts: Counter[str] = Counter()
        self._arrivals: list[str] = []
        self._pairs = ThreadPoolExecutor(8)

    def told(self, wishes: Mapping[str, Any]) -> None:
        """See Middle. `{"rates": {kind: share}}`."""
        with self._lock:
            self._rates.update(wishes.get("rates", {}))

    def figures(self) -> Mapping[str, Any]:
        """See Middle. `faults` by kind, `failed` (the app's own errors), `arrivals`: event ids as they arrived."""
        with self._lock:
            faults = {kind: self._counts[kind] for kind in KINDS}
            return {"faults": faults, "failed": self._counts["failed"], "arrivals": list(self._arrivals)}

    def handle(self, request: Request, forward: Forward) -> Answer | None:
        """See Middle."""
        event = str(json.loads(request.body)["id"])
        with self._lock:
            drawn = {kind: self._random.random() < self._rates[kind] for kind in KINDS}
            kind = next((one for one, hit in drawn.items() if hit), None)
            if kind:
                self._counts[kind] += 1
            if kind != "astray":
                self._arrivals += [event] * (2 if kind == "twice" else 1)
        if kind == "astray":
            return _AWAY
        twin = self._pairs.submit(forward) if kind == "twice" else None
        answer = self._noted(forward())
        if twin is not None:
            answer = min(answer, self._noted(twin.result()), key=lambda one: one.status)
        return _LATE if kind == "unanswered" else answer

    def _noted(self, answer: Answer) -> Answer:
        if answer.status >= _SERVER_ERROR:
            with self._lock:
                self._counts["failed"] += 1
        return answer
