"""The days on which a recurring gift is charged: counted from one moment, the anchor, as Stripe counts them.

Months and years are those of the calendar, in UTC. A month without the anchor's day is charged on its last day, and
the next one on the anchor's day again: 31 January, 28 February, 31 March.
https://docs.stripe.com/billing/subscriptions/billing-cycle
"""

import calendar
from datetime import UTC, datetime, timedelta

from chalicelib.kernel.rhythm import Rhythm

_MONTHS = {"month": 1, "year": 12}
_DAYS = {"day": 1, "week": 7}
_SHORTEST = {"day": 86_400, "week": 7 * 86_400, "month": 28 * 86_400, "year": 365 * 86_400}
_LONGEST = {"day": 86_400, "week": 7 * 86_400, "month": 31 * 86_400, "year": 366 * 86_400}


def payment_day(anchor: int, rhythm: Rhythm, number: int) -> int:
    """The `number`-th payment after the anchor (before it, below zero), in seconds since 1970."""
    start = datetime.fromtimestamp(anchor, UTC)
    steps = rhythm.count * number
    if rhythm.unit in _DAYS:
        return int((start + timedelta(days=_DAYS[rhythm.unit] * steps)).timestamp())
    year, month = divmod(start.year * 12 + start.month - 1 + _MONTHS[rhythm.unit] * steps, 12)
    day = min(start.day, calendar.monthrange(year, month + 1)[1])
    return int(start.replace(year=year, month=month + 1, day=day).timestamp())


def payment_from(anchor: int, rhythm: Rhythm, at: int) -> int:
    """The first payment at a time or after it, as a number for `payment_day`."""
    # Begin where it cannot be later, for periods of every length; then at most a few steps.
    length = _LONGEST if at >= anchor else _SHORTEST
    number = (at - anchor) // (length[rhythm.unit] * rhythm.count) - 1
    while payment_day(anchor, rhythm, number) < at:
        number += 1
    return number
