"""A recurring gift as the pages of a supporter's own house show it."""

from collections.abc import Mapping
from datetime import UTC, datetime

from chalicelib.account.rules import giving_now
from chalicelib.account.rules.pauses import pauses
from chalicelib.account.views.pages import RecurringGiftLine
from chalicelib.changing.rules.possible import can
from chalicelib.http.call import Call
from chalicelib.http.pages import Gift
from chalicelib.supporters.rules.access import RecurringGift, Standing


def gift_line(call: Call, standing: Standing, gift: RecurringGift) -> RecurringGiftLine:
    """How a gift stands, with the provider's own days, and what can be done about it now."""
    stored = next(one for one in standing.recurring if one.id == gift.id)
    return RecurringGiftLine(
        id=gift.id,
        gift=gift_of(gift),
        status=giving_now.status(gift),
        ends_at=moment(gift.ends_at),
        next_payment_at=moment(gift.next_payment_at),
        retry_at=moment(gift.retry_at),
        resumes_at=moment(gift.resumes_at),
        taken_back=giving_now.taken_back(stored, standing, call.wiring.now()),
        can=can(gift, call.wiring.newsroom.currencies),
        card=gift.card,
        beginning=stored.awaits_first_payment(call.wiring.now()),
    )


def gift_of(gift: RecurringGift) -> Gift:
    """Its amount and rhythm."""
    return Gift(gift.amount, gift.currency, gift.interval, gift.interval_count)


def pauses_of(line: RecurringGiftLine, gift: RecurringGift) -> Mapping[int, datetime | None] | None:
    """The pauses that are offered, with the day of the first payment after each; None where none is possible."""
    return {months: moment(at) for months, at in pauses(gift).items()} if "pause" in line.can else None


def moment(seconds: int | None) -> datetime | None:
    """A time as pages write it."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
