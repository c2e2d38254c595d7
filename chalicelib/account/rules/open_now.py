"""What is open to a supporter, until when, and what goes on after that, as the account page says it.

`Entitlement.until` holds the days of grace of a payment that has not come yet; nobody is told of those while all is
well. And a level lasts for as long as the support does only if the next payment earns it: one that was lowered ends
with what was paid for, one that a one-off gift opens ends with its days.
"""

from dataclasses import dataclass, replace

from chalicelib.account.rules.giving_now import taken_back
from chalicelib.booking.rules.earning import earned_at
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.rhythm import rhythm_of
from chalicelib.newsroom.rules import Newsroom
from chalicelib.supporters.rules.access import (
    DAY,
    OVERDUE,
    Entitlement,
    RecurringGift,
    Standing,
    entitled,
    entitlement,
    includes,
)


@dataclass(frozen=True)
class OpenNow:
    """The tier that is open. `until` None: for as long as the support goes on. `then`: the tier that goes on after.

    `more`: a higher one that the next payment opens, on the day `more_at`. `coming`: one that a first payment opens
    which is on its way, as soon as it is there.
    """

    tier: str | None = None
    until: BusinessTime | None = None
    then: str | None = None
    more: str | None = None
    more_at: BusinessTime | None = None
    coming: str | None = None


def open_now(standing: Standing, newsroom: Newsroom, now: BusinessTime) -> OpenNow:
    """What the standing opens at `now`."""
    access = entitled(standing, newsroom, now)
    return replace(_open(standing, access, newsroom, now), coming=_coming(standing, newsroom, access.tier, now))


def _open(standing: Standing, access: Entitlement, newsroom: Newsroom, now: BusinessTime) -> OpenNow:
    tiers = newsroom.tier_names
    more, more_at = _more(standing, newsroom, access.tier, now)
    if access.tier is None or access.until is None:
        return OpenNow(more=more, more_at=more_at)
    exact = entitlement(standing, tiers, 0, now)
    until = exact.until if exact.tier == access.tier and exact.until is not None else access.until
    going_on = [_tier_after(gift, standing, newsroom, until, now) for gift in standing.recurring]
    then = max(filter(None, going_on), key=lambda name: len(includes(tiers, name)), default=None)
    if access.tier in includes(tiers, then):
        return OpenNow(access.tier, more=more, more_at=more_at)
    return OpenNow(access.tier, until, then, more, more_at)


def _coming(standing: Standing, newsroom: Newsroom, held: str | None, now: BusinessTime) -> str | None:
    """The highest tier that a first payment on its way opens beyond what is held."""
    names = (next_tier(gift, newsroom) for gift in standing.recurring if gift.awaits_first_payment(now))
    opening = [name for name in names if name and name not in includes(newsroom.tier_names, held)]
    return max(opening, key=lambda name: len(includes(newsroom.tier_names, name)), default=None)


def _more(
    standing: Standing, newsroom: Newsroom, held: str | None, now: BusinessTime
) -> tuple[str | None, BusinessTime | None]:
    """The first payment to come that opens more than what is held now, and its day."""
    coming = sorted(
        (gift.next_payment_at, name)
        for gift in standing.recurring
        if gift.goes_on and gift.status not in OVERDUE and gift.next_payment_at is not None
        if not gift.awaits_first_payment(now)
        if (name := next_tier(gift, newsroom)) and name not in includes(newsroom.tier_names, held)
    )
    return (coming[0][1], BusinessTime(coming[0][0])) if coming else (None, None)


def once_stopped(standing: Standing, stopped: RecurringGift, newsroom: Newsroom, now: BusinessTime) -> OpenNow:
    """What would be open if this gift were stopped now: it ends with what is paid for, without grace."""
    ends_at = standing.in_force(stopped).paid_through
    gift = replace(stopped, ends_at=ends_at, next_payment_at=None, retry_at=None)
    others = tuple(gift if one.id == stopped.id else one for one in standing.recurring)
    return open_now(replace(standing, recurring=others), newsroom, now)


def next_tier(gift: RecurringGift, newsroom: Newsroom) -> str | None:
    """The tier that the next payment of a recurring gift earns, by the newsroom's present rules; None: none."""
    rhythm = rhythm_of(gift.interval, gift.interval_count)
    earned = earned_at(newsroom, gift.currency, gift.amount, rhythm) if rhythm else None
    return earned.tier if earned else None


def _tier_after(
    gift: RecurringGift, standing: Standing, newsroom: Newsroom, until: BusinessTime, now: BusinessTime
) -> str | None:
    """What a gift that goes on opens where what is open now ends: it is paid for then, or paid again by then."""
    if not gift.will_renew or gift.status in OVERDUE:
        return None
    due = standing.in_force(gift).paid_through
    # Its payment is on its way: due, and neither come nor failed yet.
    on_its_way = due <= now < due + newsroom.grace_days * DAY and not taken_back(gift, standing, now)
    if (gift.next_payment_at or due) <= until or on_its_way:
        return next_tier(gift, newsroom)
    return next((one.tier for one in standing.paid(gift) if one.start <= until < one.end), None)
