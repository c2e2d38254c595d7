"""A change of a recurring gift that its supporter asked for, noted before the provider was asked to make it.

So it does not matter who hears first that it is made, our own call or the provider's notification: whoever books it
finds the note, writes the one mail about it with its undo link, and removes the note.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

AskedAct = Literal["change", "pause", "resume", "stop", "keep"]
# Longer than a charge waits for its payer's bank (Stripe: 23 hours). Whatever is made later was not asked for here.
_LASTS = 25 * 3_600


@dataclass(frozen=True)
class Asked:
    """What was asked for at `at` (seconds). `id` names the change, also in the mail about it.

    `undo`: the id of what undoes it; empty for an undo itself. `charge_from`: the difference for the time from this
    moment on is charged at once, and the change is made once that is paid. Of a `change`, in minor units: `amount`
    each `interval_count` intervals, as it `was_…` before, and `next_amount`, what the next payment will come to.
    `resumes_at`: when a pause is to end.
    """

    id: str
    act: AskedAct
    at: int
    undo: str = ""
    charge_from: int | None = None
    amount: int | None = None
    interval: str | None = None
    interval_count: int | None = None
    was_amount: int | None = None
    was_interval: str | None = None
    was_interval_count: int | None = None
    next_amount: int | None = None
    resumes_at: int | None = None

    @property
    def charged_now(self) -> bool:
        """Whether something is charged for it at once."""
        return self.charge_from is not None

    def explains(self, act: AskedAct, at: int | None) -> bool:
        """Whether this is why such a change is seen at `at`; None: at any time."""
        return self.act == act and not self.is_over(at)

    def is_over(self, at: int | None) -> bool:
        """Whether it was asked for too long ago to be made any more."""
        return at is not None and at >= self.at + _LASTS

    def same_as(self, other: "Asked") -> bool:
        """Whether both ask for the same, such as two taps on one button."""
        return self.wish == other.wish

    @property
    def wish(self) -> Collection[object]:
        """What was asked for, without when and under which id."""
        return (self.act, self.charged_now, self.amount, self.interval, self.interval_count, self.resumes_at)
