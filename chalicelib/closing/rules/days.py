"""Days of the books: which seconds a day has, which day comes next, and when it may be walked.

A movement belongs to the day in which the provider made its line: a line never changes its time, and whatever moves
later (a refund, a dispute, a payment that settles) has a line of its own. What has no line belongs, while it waits
for one, to the day in which it happened. Days are those of the newsroom's time zone, so that people find in them what
their calendar says; one of them has 23 or 25 hours, and none leaves out a second or has one twice.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from chalicelib.kernel.moments import BusinessTime, end_of_day

DAY = 86_400
_ZONES = 26 * 3600  # seconds that two time zones are apart at most
READY = 2 * 3600  # seconds after its end from which on a day is walked: a provider may list its last lines late


@dataclass(frozen=True)
class Day:
    """One day: its date (`2026-11-28`), and its first and last second, both included."""

    name: str
    since: int
    until: int

    def has(self, seconds: int) -> bool:
        """Whether a time is in this day."""
        return self.since <= seconds <= self.until


def day_of(seconds: int, zone: tzinfo) -> Day:
    """The day that a time is in."""
    return named(datetime.fromtimestamp(seconds, zone).date().isoformat(), zone)


def named(name: str, zone: tzinfo) -> Day:
    """The day of this date (`2026-11-28`).

    :raises ValueError: this is no date.
    """
    one = date.fromisoformat(name)
    return Day(name, end_of_day(one - timedelta(days=1), zone) + 1, end_of_day(one, zone))


def near(day: Day, calendar: Day) -> bool:
    """Whether a day may be this one of the calendar, as another time zone of the newsroom's had it."""
    return abs(day.since - calendar.since) <= _ZONES and abs(day.until - calendar.until) <= _ZONES


def day_after(last: int, zone: tzinfo, before: str = "") -> Day:
    """The day that begins right behind this second, with which the day of the date `before` ended.

    Where the newsroom's time zone was changed, it is shorter or longer than others; what is left of a day that has a
    seal already is added to the next one, so that each date has one seal.
    """
    following = day_of(last + 1, zone)
    while following.name <= before:
        following = day_of(following.until + 1, zone)
    return Day(following.name, last + 1, following.until)


def ready(last: int, before: str, now: BusinessTime, zone: tzinfo) -> Iterator[Day]:
    """The days behind this second, with which the day `before` ended, that may be walked now, the oldest first."""
    day = day_after(last, zone, before)
    while day.until + READY <= now:
        yield day
        day = day_after(day.until, zone, day.name)


def not_walked(last: int, before: str, now: BusinessTime, zone: tzinfo) -> int:
    """How many days behind this second, with which the day `before` ended, have ended themselves."""
    count, day = 0, day_after(last, zone, before)
    while day.until < now:
        count, day = count + 1, day_after(day.until, zone, day.name)
    return count


def window(now: BusinessTime, days: int, zone: tzinfo) -> list[Day]:
    """The day in which the last so many times 24 hours began, and all days from there to the one of now."""
    found = [day_of(now - days * DAY, zone)]
    while found[-1].until < now:
        found.append(day_after(found[-1].until, zone))
    return found
