"""The faults of each week of a rehearsal, drawn from the seed, and what causes them."""

import random
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from ops.rehearsal import killing
from ops.rehearsal.stack import Stack
from ops.rehearsal.stand_in import ENDPOINT, Refused, StandIn

# How a week's webhooks are delivered; `away`: the endpoint is disabled, and the week's events are never sent to it.
TRAVEL = ("normal", "normal", "shuffle", "shuffle", "duplicate", "hold", "hold", "drop", "away")
# In a quiet week nothing but a few calls fail; of so many calls to the table about seventy make a gift.
_TABLE = {"throttled": 0.0004, "failed": 0.0003, "conflict": 0.002, "lost": 0.0008, "mail_refused": 0.01}
_ROAD = {"astray": 0.02, "unanswered": 0.01, "twice": 0.03}
_FAULTS = (
    {"path": "/v1", "status": 500, "times": 2},
    {"path": "/v1", "status": 429, "times": 3},
    {"path": "/v1/payment_intents", "status": 500, "times": 3, "method": "GET"},
    {"path": "/v1/checkout/sessions", "status": 500, "times": 1, "method": "POST", "after": True},
    {"path": "/v1/checkout/sessions", "status": 500, "times": 2, "method": "POST", "lost": True},
    {"path": "/v1/subscriptions", "status": 503, "times": 2},
)
FOREIGN = ("payment", "checkout", "subscription", "refund", "dispute", "livemode", "connected", "unknown_type")
_ENDPOINT = f"webhook_endpoints/{ENDPOINT}"
_FORGOTTEN, _MOST_FORGOTTEN = 0.04, 0.2  # of the events of a week whose webhooks are held


@dataclass(frozen=True)
class Week:
    """The faults of one week. `kills`: seconds after a step began, and which processes."""

    travel: str
    faults: tuple[Mapping[str, Any], ...]
    per_second: int
    burst: int
    kills: tuple[tuple[float, str], ...]
    foreign: tuple[str, ...]
    booking: str


def weeks(seed: int, number: int) -> list[Week]:
    """The faults of so many weeks."""
    chance = random.Random(seed + 7)  # noqa: S311 - a rehearsal that can be repeated, no secret
    return [_week(chance, at) for at in range(number)]


def _week(chance: random.Random, at: int) -> Week:
    kills = [(chance.uniform(0.1, 1.2), "functions") for _ in range(chance.choice((0, 1, 1)))]
    if at % 8 == 5:  # noqa: PLR2004 - every other month
        kills.append((chance.uniform(0.1, 1.0), "gateway"))
    return Week(
        travel=TRAVEL[at % len(TRAVEL)] if at < len(TRAVEL) else chance.choice(TRAVEL),
        faults=tuple(chance.sample(_FAULTS, 2)),
        per_second=chance.choice((0, 0, 12)),
        burst=chance.choice((0, 0, 8)),
        kills=tuple(kills),
        foreign=(FOREIGN[at % len(FOREIGN)],),
        booking=chance.choice(("after", "after", "at_once", "hour_later")),
    )


class Trouble:
    """Causes the faults. `often`: how many times more often than usual calls fail, for a short rehearsal.

    `counts`: what was caused, by name; the proxies count theirs.
    """

    def __init__(self, stack: Stack, stand_in: StandIn, seed: int, *, often: float) -> None:
        self._stack, self._stripe, self._often = stack, stand_in, often
        self._chance = random.Random(seed + 11)  # noqa: S311 - see above
        self._one_at_a_time = threading.Lock()
        self.counts: Counter[str] = Counter()

    def begins(self, week: Week) -> None:
        """Set the faults of this week."""
        self._stack.tell_aws(rates={kind: share * self._often for kind, share in _TABLE.items()}, burst=week.burst)
        self._stack.tell_road(rates={kind: share * min(self._often, 3) for kind, share in _ROAD.items()})
        for fault in week.faults:
            self._stripe.control("faults", **fault)
            self.counts["armed"] += int(fault["times"])
        self._stripe.control("rate-limit", per_second=week.per_second)
        self._stripe.control("bookings", mode=week.booking)
        if week.travel == "away":
            self._stripe.control(f"{_ENDPOINT}/disable")
        else:
            self._stripe.control("deliveries", mode=week.travel)
        for kind in week.foreign:
            self._stripe.control("foreign", kind=kind)
            self.counts["foreign"] += 1

    def ends(self, week: Week) -> None:
        """Send the held webhooks, shuffled, all but those that Stripe forgets; enable the endpoint again."""
        if week.travel == "away":
            self._stripe.control(f"{_ENDPOINT}/enable")
        for event in self._stripe.held():
            if self._chance.random() < min(_MOST_FORGOTTEN, _FORGOTTEN * self._often):
                with suppress(Refused):  # a second delivery of one that is forgotten
                    self._stripe.control(f"events/{event}/forget")
                    self.counts["forgotten"] += 1
        self._stripe.control("deliveries", mode="shuffle")
        self._stripe.control("deliveries/release")
        self._stripe.control("deliveries", mode="normal")

    def calm(self) -> None:
        """End all faults; the armed ones that no call met are counted as `unmet`."""
        armed = self._stripe.control("faults", path="/none", times=0)["armed"]
        self.counts["unmet"] += sum(int(one["times"]) for one in armed)
        self._stack.tell_aws(rates=dict.fromkeys(_TABLE, 0.0), burst=0)
        self._stack.tell_road(rates=dict.fromkeys(_ROAD, 0.0))
        self._stripe.control("rate-limit", per_second=0)
        for path in {fault["path"] for fault in _FAULTS}:
            self._stripe.control("faults", path=path, times=0)
        self._stripe.control("deliveries", mode="normal")
        self._stripe.control("bookings", mode="at_once")

    @contextmanager
    def killing(self, week: Week) -> Iterator[None]:
        """A context in which processes of the app are killed, as the week says."""
        timers = [threading.Timer(seconds, self._kill, [who]) for seconds, who in week.kills]
        for timer in timers:
            timer.start()
        try:
            yield
        finally:
            for timer in timers:
                timer.join()

    def _kill(self, who: str) -> None:
        with self._one_at_a_time:
            # A gateway whose processes are killed while it starts would end, and the stack with it.
            if self._stack.answers():
                self.counts["killed"] += killing.kill(self._stack.supervisor, who)
