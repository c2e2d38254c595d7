"""The days on which a paused gift would be charged again, for what its page offers."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import UTC, datetime

from chalicelib.changing.rules.pause import pause_from
from chalicelib.kernel.billing_days import payment_day, payment_from
from chalicelib.kernel.rhythm import Rhythm
from chalicelib.supporters.rules.access import RecurringGift

MONTHS = (1, 2, 3)  # that may be skipped
_MONTHLY = Rhythm("month")
_LONGEST = 31


def pauses(gift: RecurringGift) -> Mapping[int, int | None]:
    """For each number of months, when the first payment after them is (seconds); None where that is not certain."""
    first, anchor = gift.next_payment_at, _anchor(gift)
    if first is None or anchor is None:
        return dict.fromkeys(MONTHS)
    return {months: pause_from(first, anchor, _MONTHLY, months).next_payment_at for months in MONTHS}


def _anchor(gift: RecurringGift) -> int | None:
    """From when the provider counts the days of payment. On a month's last day it may be any later day of a month."""
    first = gift.next_payment_at
    if first is None:
        return None
    if payment_day(gift.started_at, _MONTHLY, payment_from(gift.started_at, _MONTHLY, first)) == first:
        return gift.started_at
    day = datetime.fromtimestamp(first, UTC)
    last = monthrange(day.year, day.month)[1]
    return first if day.day < last or last == _LONGEST else None
