"""The seal of a day: what both sides had when it was walked to its end; what follows when it is walked again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from chalicelib.closing.rules.days import DAY, Day
from chalicelib.closing.rules.sums import DaySums, Side, Sides, agree
from chalicelib.kernel.moments import BusinessTime

KEPT = 35  # days in which a day is looked at again: a little more than the 30 in which a provider lists its events
MOST_NAMED = 20  # movements that a seal names; it counts the others
_SOON, _DAILY = 3600, 20 * 3600  # less than a day, so that an hour that is missed loses none
# Days after which a day with payments that were under way is walked again. Direct debits take five to fourteen.
_SETTLED_BY = (6, 11, 16, 21, 26, 31)

State = Literal["closed", "differs"]


@dataclass(frozen=True)
class DaySeal:
    """What a walk to the end of a day found.

    `lines`: how many lines of our money the provider has; `pending`: how many it lists that may still become some.
    `differing`: on how many movements both sides disagree; `differences` names the first of them. `bad`: how many
    lines could not be read or booked, `undecided`: how many could not be looked at because of an outage. `changed`:
    how often the day was found otherwise than it had been sealed. `sealed_at`: seconds.
    """

    day: Day
    sums: DaySums = field(default_factory=dict)
    pending: int = 0
    differing: int = 0
    differences: tuple[str, ...] = ()
    bad: int = 0
    undecided: int = 0
    changed: int = 0
    sealed_at: int = 0

    @property
    def state(self) -> State:
        """`closed`: everything was looked at, and both sides agree."""
        whole = not (self.differing or self.bad or self.undecided)
        return "closed" if whole and agree(self.sums) else "differs"

    @property
    def lines(self) -> int:
        """How many movements the provider has."""
        return sum(one.provider.count for one in self.sums.values())


def otherwise(old: DaySeal, new: DaySeal) -> bool:
    """Whether a day that was closed is now found otherwise than by payments that were under way then.

    A line that came late, one that is gone, one that changed, and a seal that somebody wrote over are all told.
    """
    if old.state != "closed":
        return False
    if old.day != new.day:
        return True  # its bounds were written over: they never change
    more = 0
    for code in {*old.sums, *new.sums}:
        before, after = _provider(old.sums, code), _provider(new.sums, code)
        if before != after and after.count <= before.count:
            return True
        more += after.count - before.count
    return more > max(0, old.pending - new.pending)


def again_at(seal: DaySeal, now: BusinessTime) -> int | None:
    """When a day is to be walked again (seconds); None: not before its turn comes to be added up again."""
    if now - seal.day.until > KEPT * DAY:
        return None
    if seal.undecided:
        return now + _SOON
    if seal.state == "differs":
        return now + _DAILY
    if seal.pending:
        return next((at for days in _SETTLED_BY if (at := seal.day.until + days * DAY) > now), None)
    return None


def next_to_add(last: int | None, walked: int, now: BusinessTime) -> int:
    """A second of the day that is to be added up again: each of the last 35, one after the other.

    :param last: the last second of the one before; None: there was none.
    :param walked: the last second of the newest day that has a seal.
    """
    oldest = now - KEPT * DAY
    return oldest if last is None or not oldest <= last < walked else last + 1


def _provider(sums: Mapping[str, Sides], code: str) -> Side:
    return sums.get(code, Sides()).provider
