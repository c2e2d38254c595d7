"""How failures add up: when to try again, and when it is enough and a person must look.

Two kinds, because they mean different things:

- an *outage* is nobody's fault that can be found in what is tried: Stripe, the table or the mail service is away, or
  others were busy with the same supporter. It passes. Pauses of 1, 2, 4, 8, 16 and then always 30 minutes; enough
  only after three days of it (and 8 tries, should nobody have tried in between).
- a *fault* is everything else: what is tried is at odds with us. Pauses of 2, 8, 32, 128 minutes, then 6 hours; the
  eighth is the last, after about a day.
"""

from dataclasses import dataclass

from chalicelib.kernel.moments import BusinessTime

MOST_FAULTS = 8
LONGEST_OUTAGE = 3 * 86_400  # seconds
_OUTAGE_PAUSE, _LONGEST_OUTAGE_PAUSE = 60, 30 * 60
_FAULT_PAUSE, _LONGEST_FAULT_PAUSE = 30, 6 * 3600


@dataclass(frozen=True)
class Failures:
    """What has failed so far. `outages` are those in a row, since the second `since`; a fault ends the row."""

    faults: int = 0
    outages: int = 0
    since: int | None = None

    def and_one_more(self, now: BusinessTime, *, outage: bool) -> "Failures":
        """After another one, at `now`."""
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
