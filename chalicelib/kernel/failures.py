"""The retry policy for failed work: how long to wait before the next try, and when to stop and call a person.

Two kinds of failure, because they mean different things:

- an *outage* says nothing about the work itself: Stripe, the table or the mail service is away, or other processes
  kept changing the same supporter. It passes. Pauses of 1, 2, 4, 8, 16 and then always 30 minutes; we stop once it
  has lasted three days and was tried at least 8 times.
- a *fault* is every other failure: the work cannot be done as it is. Pauses of 2, 8, 32, 128 minutes, then 6 hours;
  we stop at the eighth, after about a day.
"""

from dataclasses import dataclass

from chalicelib.kernel.moments import BusinessTime

MOST_FAULTS = 8
LONGEST_OUTAGE = 3 * 86_400  # seconds
_OUTAGE_PAUSE, _LONGEST_OUTAGE_PAUSE = 60, 30 * 60
_FAULT_PAUSE, _LONGEST_FAULT_PAUSE = 30, 6 * 3600


@dataclass(frozen=True)
class Failures:
    """How often some work has failed so far. `outages` counts those in a row, and a fault ends the row.

    `since`: when that row began, in seconds of business time.
    """

    faults: int = 0
    outages: int = 0
    since: int | None = None

    def and_one_more(self, now: BusinessTime, *, outage: bool) -> "Failures":
        """The failures with one more, at `now`."""
        if not outage:
            return Failures(self.faults + 1)
        return Failures(self.faults, self.outages + 1, now if self.since is None else self.since)

    @property
    def pause(self) -> int:
        """Seconds to wait before the next try."""
        if self.outages:
            return min(_OUTAGE_PAUSE << min(self.outages - 1, 10), _LONGEST_OUTAGE_PAUSE)
        return min(_FAULT_PAUSE << 2 * min(self.faults, 10), _LONGEST_FAULT_PAUSE)

    def enough(self, now: BusinessTime) -> bool:
        """Whether to stop trying."""
        lasted = now - self.since if self.since is not None else 0
        return self.faults >= MOST_FAULTS or (self.outages >= MOST_FAULTS and lasted >= LONGEST_OUTAGE)
