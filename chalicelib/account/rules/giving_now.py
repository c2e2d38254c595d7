"""How each recurring gift stands, as its supporter is told: a pure reading of the provider's status and days.

The day of the next payment, and the day on which a gift ends, are the provider's own. What was paid for may have been
given back since, so its end is never told as either of them.
"""

from typing import Literal

from chalicelib.kernel.moments import BusinessTime
from chalicelib.supporters.rules.access import ENDED, OVERDUE, RecurringGift, Standing, SubscriptionStatus
from chalicelib.supporters.rules.reversals import Reversal

GiftStatus = Literal[
    "active", "past_due", "unpaid", "incomplete", "paused", "ending", "ended", "ended_unpaid", "never_began"
]
TakenBack = Literal["", "refunded", "disputed"]
# What is over takes no more money, whatever its supporter does.
OVER: tuple[GiftStatus, ...] = ("ended", "ended_unpaid", "never_began")

# Stripe's statuses that are told under the same name; a gift in any other one that runs is active.
_SAME: dict[SubscriptionStatus, GiftStatus] = {
    "past_due": "past_due",
    "unpaid": "unpaid",
    "incomplete": "incomplete",
    "paused": "paused",
}


def status(gift: RecurringGift) -> GiftStatus:
    """How a recurring gift stands. One that was stopped is `ending` until then, also while it is paused."""
    if gift.status in ENDED:
        if gift.status == "incomplete_expired":
            return "never_began"
        return "ended_unpaid" if gift.unpaid else "ended"
    if gift.ends_at is not None and gift.status not in OVERDUE:
        return "ending"
    return _SAME.get(gift.status, "active")


def taken_back(gift: RecurringGift, standing: Standing, now: BusinessTime) -> TakenBack:
    """Whether the payment for the time that runs now went back: given back, or disputed. `gift` as it is stored."""
    paid_for = any(one.start <= now < one.end for one in gift.periods)
    if not paid_for or any(one.start <= now < one.end for one in standing.paid(gift)):
        return ""
    held = [one for one in standing.reversals if one.closed and one.recurring == gift.id and _covers(one, now)]
    return "disputed" if any(any(one.disputes.values()) for one in held) else "refunded"


def _covers(reversal: Reversal, now: BusinessTime) -> bool:
    return reversal.period is not None and reversal.period.start <= now < reversal.period.end
