"""Times: the types of the two clocks, and times as text for machines (UTC) and people (the newsroom's time zone)."""

import time as machine
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NewType, Protocol

# Both are whole seconds since 1970, UTC. On the local stage business time can be moved; elsewhere they are equal.
BusinessTime = NewType("BusinessTime", int)
"""The clock of access, renewals and what is due, and of what is stored beside them."""
RealTime = NewType("RealTime", int)
"""The machine's clock: of signatures, passes, sessions, codes and limits."""


class Clock(Protocol):
    """Tells both times; the local stack and tests have one that can be moved."""

    def real_now(self) -> RealTime:
        """Seconds since 1970, UTC, for signatures, passes, sessions, codes and limits."""
        ...

    def now(self) -> BusinessTime:
        """Business time in seconds since 1970, UTC: access, renewals, what is due."""
        ...


class MachineClock:
    """`Clock` where business time is real time."""

    def real_now(self) -> RealTime:
        """See Clock."""
        return RealTime(int(machine.time()))

    def now(self) -> BusinessTime:
        """See Clock."""
        return BusinessTime(int(machine.time()))


def rfc3339(seconds: int) -> str:
    """Seconds since 1970 as `2026-08-31T09:15:00Z`: fixed width, so that it sorts as text."""
    # Not strftime, whose %Y leaves the year 800 three digits.
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").removesuffix("+00:00") + "Z"


def when(seconds: int | None) -> str | None:
    """`rfc3339(seconds)`, or None for None."""
    return None if seconds is None else rfc3339(seconds)


def seconds_of(text: str) -> int | None:
    """Parse `2026-08-31T09:15:00Z` to seconds since 1970; None for any other form."""
    try:
        seconds = int(datetime.fromisoformat(text).timestamp())
        return seconds if rfc3339(seconds) == text else None
    except (ValueError, OverflowError):
        return None


def month_of(seconds: int, zone: tzinfo) -> str:
    """The month of a time in a time zone: `2026-09` in Kyiv for `2026-08-31T21:15:00Z`."""
    return datetime.fromtimestamp(seconds, zone).date().isoformat()[:7]


def neighbours_of(month: str) -> tuple[str, str]:
    """The months before and after one (`2026-01`): `2025-12`, `2026-02`.

    :raises ValueError: this is no month.
    """
    year, number = month.split("-")
    count = int(year) * 12 + int(number) - 1
    before, after = (f"{one // 12:04}-{one % 12 + 1:02}" for one in (count - 1, count + 1))
    return before, after


def month_after(seconds: int, zone: tzinfo) -> int:
    """The first second of the month after the one that a time is in, in a time zone."""
    year, number = neighbours_of(month_of(seconds, zone))[1].split("-")
    return int(datetime(int(year), int(number), 1, tzinfo=zone).timestamp())


def end_of_day(day: date, zone: tzinfo) -> int:
    """The last second of a day in a time zone, where it may have 23 or 25 hours."""
    return int(datetime.combine(day + timedelta(days=1), time(), zone).timestamp()) - 1


def local(seconds: int, zone: tzinfo) -> str:
    """A time as text in a time zone, with its offset from UTC: `2026-09-01 00:15:00+03:00`."""
    return datetime.fromtimestamp(seconds, zone).isoformat(" ", "seconds")
