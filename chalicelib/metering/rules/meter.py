"""The meter: how many metered articles are open to a reader in a calendar month. Decided here alone.

An article counts when it is opened for the first time in its month; again it is free. What counts is kept as marks
(`kernel/marks.py`): one an article, the same for every reader, worth nothing in another month.
"""

from datetime import tzinfo
from typing import NamedTuple

from chalicelib.kernel.moments import BusinessTime, month_after, month_of


class Month(NamedTuple):
    """A calendar month of the newsroom's time zone: `2026-11`, and when the next one begins."""

    name: str
    resets_at: BusinessTime


class MeterView(NamedTuple):
    """What the meter says about one article: whether it is open, and how many more of `limit` are until `resets_at`.

    `counts`: this is its first opening in the month, which is to be kept.
    """

    open: bool
    left: int
    limit: int
    resets_at: BusinessTime
    counts: bool = False


def month_at(now: BusinessTime, zone: tzinfo) -> Month:
    """The month that a moment is in."""
    return Month(month_of(now, zone), BusinessTime(month_after(now, zone)))


def decide(limit: int, *, already_read: bool, count: int, resets_at: BusinessTime) -> MeterView:
    """Whether the meter opens an article to a reader.

    :param already_read: this article was opened in this month before.
    :param count: how many were, this one included. It may be more than `limit`: of several tabs at the same instant.
    """
    if already_read:
        return MeterView(open=True, left=max(0, limit - count), limit=limit, resets_at=resets_at)
    if count < limit:
        return MeterView(open=True, left=limit - count - 1, limit=limit, resets_at=resets_at, counts=True)
    return MeterView(open=False, left=0, limit=limit, resets_at=resets_at)
