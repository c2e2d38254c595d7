"""Times as an operator reads and types them: in the newsroom's time zone. JSON stays RFC 3339 in UTC."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, tzinfo
from typing import Any

import click

from chalicelib.kernel.moments import end_of_day, local, seconds_of

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def here(value: Any, zone: tzinfo) -> Any:
    """A time in this zone: `2026-08-31T21:15:00Z` as `2026-09-01 00:15:00+03:00`; any other value stays as it is."""
    seconds = seconds_of(value) if isinstance(value, str) else None
    return value if seconds is None else local(seconds, zone)


def rows_here(rows: Iterable[Mapping[str, Any]], zone: tzinfo) -> Iterator[Mapping[str, Any]]:
    """Rows of a table, with their times in this zone."""
    return ({name: here(value, zone) for name, value in row.items()} for row in rows)


class Until(click.ParamType[Any]):
    """When something ends: a day in the newsroom's zone, which counts to its last second, or a time in UTC."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Parse to a `date`, or to seconds since 1970; `ends_at` makes seconds of both."""
        if isinstance(value, date | int):
            return value
        try:
            if _DAY.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        seconds = seconds_of(value)
        if seconds is None:
            self.fail(f"'{value}' is no day such as 2027-06-30 and no time such as 2027-06-30T12:00:00Z.", param, ctx)
        return seconds


def ends_at(until: date | int, zone: tzinfo) -> int:
    """The last second of `until`, as seconds since 1970."""
    return until if isinstance(until, int) else end_of_day(until, zone)
