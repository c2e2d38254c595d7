"""Who may read what until when: a function of all that a supporter gave, never of one event.

Times are whole seconds since 1970, UTC. The result does not depend on the order in which gifts became known:
one-off days are laid out over the time that nothing equal or better covers, so somebody who gives once while a
monthly gift runs finds those days still waiting when it ends.

    monthly   |==========|
    one-off        x            given here, 60 days
    reads     |==========|~~~~~~~~~~~~|

What a refund or a dispute took back opens nothing, and the rest moves up:

    monthly   |====|    |====|          the second payment was given back
    reads     |====|    |====|
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from chalicelib.kernel.moments import BusinessTime
from chalicelib.newsroom.rules import Newsroom
from chalicelib.supporters.rules.paid_time import PaidPeriod, in_force, newest, timeline
from chalicelib.supporters.rules.reversals import Reversal, Span

DAY = 86_400

# How a subscription stands, in Stripe's words: https://docs.stripe.com/api/subscriptions/object.
# What Stripe says tomorrow is kept as it is, in rows of ours too: it has not ended, and does not renew.
SubscriptionStatus = Literal[
    "incomplete", "incomplete_expired", "trialing", "active", "past_due", "canceled", "unpaid", "paused"
]
ENDED: tuple[SubscriptionStatus, ...] = ("canceled", "incomplete_expired")  # it will never take money again
RENEWING: tuple[SubscriptionStatus, ...] = ("active", "trialing", "past_due")  # it takes the next payment
OVERDUE: tuple[SubscriptionStatus, ...] = ("past_due", "unpaid")  # the last payment failed


@dataclass(frozen=True)
class Grant:
    """Access for so many days from a one-off gift, or until a date by the newsroom's own hand."""

    id: str  # the movement (`pi_…`), or `grant_…` when a person gave it
    tier: str
    at: int
    days: int | None = None
    until: int | None = None


@dataclass(frozen=True)
class RecurringGift:
    """A subscription at Stripe. `amount` is for each `interval_count` intervals.

    `periods`: what was paid for. `stopped_at`: when somebody last asked to end it; `ends_at`: when it then ends.
    `next_payment_at`: Stripe's own end of the period, None when no payment will come; `retry_at`: when Stripe tries
    a payment again that failed; `resumes_at`: when a paused one goes on by itself. `unpaid`: it ended as its payments
    failed.
    """

    id: str
    started_at: int
    status: SubscriptionStatus
    amount: int
    currency: str
    interval: str
    customer: str
    interval_count: int = 1
    ends_at: int | None = None
    stopped_at: int | None = None
    next_payment_at: int | None = None
    retry_at: int | None = None
    resumes_at: int | None = None
    unpaid: bool = False
    periods: tuple[PaidPeriod, ...] = ()

    @property
    def will_renew(self) -> bool:
        """True while Stripe means to take the next payment."""
        if self.status not in RENEWING:
            return False
        return self.ends_at is None or (self.next_payment_at or self.ends_at) < self.ends_at

    @property
    def tier(self) -> str | None:
        """What the newest paid period opens."""
        latest = newest(self.periods)
        return latest.tier if latest else None

    @property
    def paid_through(self) -> int:
        """Until when it is paid for; when it began, if nothing is."""
        latest = newest(self.periods)
        return latest.end if latest else self.started_at


@dataclass(frozen=True)
class Standing:
    """Everything that a supporter's access follows from. `reversals` stand in the order of their gifts."""

    grants: tuple[Grant, ...] = ()
    recurring: tuple[RecurringGift, ...] = ()
    reversals: tuple[Reversal, ...] = ()

    def in_force(self, gift: RecurringGift) -> RecurringGift:
        """A recurring gift with the periods whose payments were not taken back."""
        reversals = [one for one in self.reversals if one.closed and one.recurring == gift.id]
        return replace(gift, periods=in_force(gift.periods, reversals)) if reversals else gift

    def paid(self, gift: RecurringGift) -> list[PaidPeriod]:
        """The times that a recurring gift has paid for, less what was taken back, in order."""
        return timeline(self.in_force(gift).periods)


@dataclass(frozen=True)
class Entitlement:
    """Access at one moment: the tier, until when (grace included), and whether a payment is overdue."""

    tier: str | None = None
    until: BusinessTime | None = None
    payment_failed: bool = False


def includes(tiers: Sequence[str], held: str | None) -> tuple[str, ...]:
    """The tiers that holding one opens: itself and all lower ones. Unknown names (renamed tiers) open the lowest."""
    if held is None:
        return ()
    return tuple(tiers[: tiers.index(held) + 1]) if held in tiers else tuple(tiers[:1])


def entitlement(standing: Standing, tiers: Sequence[str], grace: int, now: BusinessTime) -> Entitlement:
    """What is open now. `tiers` lowest first, `grace` in seconds."""
    overdue = any(gift.status in OVERDUE for gift in standing.recurring)
    spans = _spans(standing, tiers, grace)
    for rank in range(len(tiers) - 1, -1, -1):
        reach = [(start, end) for at, start, end in spans if at >= rank]
        if any(start <= now < end for start, end in reach):
            return Entitlement(tiers[rank], _contiguous_end(reach, now), overdue)
    return Entitlement(payment_failed=overdue)


def _spans(standing: Standing, tiers: Sequence[str], grace: int) -> list[tuple[int, int, int]]:
    """All (rank, start, end) in which a rank is open, from the highest rank down."""
    spans: list[tuple[int, int, int]] = []
    taken: list[Span] = []
    closed = {one.gift for one in standing.reversals if one.closed}
    # What was given by hand until a date comes first: days that were given for wait until it is over.
    earning = sorted(
        (grant for grant in standing.grants if grant.id not in closed), key=lambda g: (g.until is None, g.at, g.id)
    )
    recurring = [(gift, standing.paid(gift)) for gift in standing.recurring]
    for rank in range(len(tiers) - 1, -1, -1):
        for gift, paid in recurring:
            of_rank = [(one.start, one.end) for one in paid if one.tier and _rank(tiers, one.tier) == rank]
            taken.extend(of_rank)
            spans.extend((rank, start, end) for start, end in _with_grace(of_rank, paid, gift, grace))
        for grant in (grant for grant in earning if _rank(tiers, grant.tier) == rank):
            pieces = [(grant.at, grant.until)] if grant.until is not None else _lay_out(grant, taken)
            taken.extend(pieces)
            spans.extend((rank, start, end) for start, end in pieces)
    return spans


def _with_grace(spans: list[Span], paid: Sequence[PaidPeriod], gift: RecurringGift, grace: int) -> list[Span]:
    """A late renewal has `grace` seconds to arrive; what was stopped on purpose ends when it is used up.

    The seconds stay where Stripe gave up before they were over: the mail about the failed payment has promised them.
    A renewal that was taken back counts as one that has not come; where nothing is paid for, nothing can be late.
    """
    last = max((one.end for one in paid), default=None)
    late = grace if gift.will_renew or gift.unpaid else 0
    return [(start, end + late if end == last else end) for start, end in spans]


def _rank(tiers: Sequence[str], name: str) -> int:
    return tiers.index(name) if name in tiers else 0


def _lay_out(grant: Grant, taken: Iterable[Span]) -> list[Span]:
    """The grant's days, placed from its own time on into what is not taken yet."""
    left, at, pieces = (grant.days or 0) * DAY, grant.at, []
    for start, end in sorted(span for span in taken if span[1] > grant.at):
        free = min(left, max(0, start - at))
        if free:
            pieces.append((at, at + free))
            left -= free
        at = max(at, end)
    return [*pieces, (at, at + left)] if left else pieces


def _contiguous_end(spans: Iterable[Span], now: BusinessTime) -> BusinessTime:
    end: int = now
    for start, finish in sorted(spans):
        if start <= end < finish:
            end = finish
    return BusinessTime(end)


def entitled(standing: Standing, newsroom: Newsroom, now: BusinessTime) -> Entitlement:
    """Access by the newsroom's own tiers and grace."""
    return entitlement(standing, newsroom.tier_names, newsroom.grace_days * DAY, now)
