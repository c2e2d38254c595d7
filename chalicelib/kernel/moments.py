"""Times: by which of the two clocks, and as text for machines (UTC) and for people (as in the newsroom)."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NewType

# Whole seconds since 1970, UTC. On the local stage business time can be moved ahead; everywhere else they are equal.
BusinessTime = NewType("BusinessTime", int)
"""Of access, renewals, what is due, and all that is told beside it."""
RealTime = NewType("RealTime", int)
"""The clock on the wall: of signatures, passes, sessions, codes and limits."""


def rfc3339(seconds: int) -> str:
    """Seconds since 1970 as `2026-08-31T09:15:00Z`: fixed width, so that it sorts as text."""
    # Not strftime, whose %Y leaves the year 800 three digits.
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").removesuffix("+00:00") + "Z"


def when(seconds: int | None) -> str | None:
    """The same, or nothing."""
    return None if seconds is None else rfc3339(seconds)


def seconds_of(text: str) -> int | None:
    """Back from `2026-08-31T09:15:00Z`; None for anything else."""
    try:
        seconds = int(datetime.fromisoformat(text).timestamp())
        return seconds if rfc3339(seconds) == text else None
    except (ValueError, OverflowError):
        return None


def month_of(seconds: int, zone: tzinfo) -> str:
    """The month that it is then in a time zone: `2026-09` in Kyiv for `2026-08-31T21:15:00Z`."""
    return datetime.fromtimestamp(seconds, zone).date().isoformat()[:7]


def neighbours_of(month: str) -> tuple[str, str]:
    """The months before and after one (`2026-01`): `2025-12`, `2026-02`.

    :raises ValueError: for what is no month.
    """
    year, number = month.split("-")
    count = int(year) * 12 + int(number) - 1
    before, after = (f"{one // 12:04}-{one % 12 + 1:02}" for one in (count - 1, count + 1))
    return before, after


def end_of_day(day: date, zone: tzinfo) -> int:
    """The last second of a day in a time zone, however long that day is."""
    return int(datetime.combine(day + timedelta(days=1), time(), zone).timestamp()) - 1


def local(seconds: int, zone: tzinfo) -> str:
    """As a person in a time zone reads it, with its distance from UTC: `2026-09-01 00:15:00+03:00`."""
    return datetime.fromtimestamp(seconds, zone).isoformat(" ", "seconds")
