"""The calendar of gift links: months and days of the newsroom's time zone."""

from collections.abc import Iterable
from datetime import datetime, tzinfo


def same_day(one: int, other: int, zone: tzinfo) -> bool:
    """Whether two times are on one day there."""
    first, second = (datetime.fromtimestamp(seconds, zone).date() for seconds in (one, other))
    return first == second


def next_number(taken: Iterable[str], per_month: int) -> int | None:
    """The number of the next link in a month that has these already; None where it has as many as it may have."""
    count = len(set(taken))
    return count + 1 if count < per_month else None
