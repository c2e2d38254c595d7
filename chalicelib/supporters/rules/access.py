"""Access as a pure function of all that a supporter gave, never of one event: which tier, until when.

Times are whole seconds since 1970, UTC. The result does not depend on the order in which gifts became known: the
days of a one-off gift are placed where no equal or higher tier is open. So who gives once while a monthly gift runs
has those days when it ends.

    monthly   |==========|
    one-off        x            given here, 60 days
    reads     |==========|~~~~~~~~~~~~|

What a refund or a dispute took back opens nothing, and days of one-off gifts move into the gap:

    monthly   |====|    |====|          the second payment was given back
    reads     |====|    |====|
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from chalicelib.kernel.moments import BusinessTime
from chalicelib.newsroom.rules import Newsroom
from chalicelib.supporters.rules.asked import Asked
from chalicelib.supporters.rules.card import Card
from chalicelib.supporters.rules.paid_time import PaidPeriod, in_force, newest, timeline
from chalicelib.supporters.rules.reversals import Reversal, Span

DAY = 86_400

# How a subscription stands, in Stripe's words: https://docs.stripe.com/api/subscriptions/object.
# A status that is new at Stripe is stored as it is: such a gift has not ended, and does not renew.
SubscriptionStatus = Literal[
    "incomplete", "incomplete_expired", "trialing", "active", "past_due", "canceled", "unpaid", "paused"
]
ENDED: tuple[SubscriptionStatus, ...] = ("canceled", "incomplete_expired")  # it will never take money again
RENEWING: tuple[SubscriptionStatus, ...] = ("active", "trialing", "past_due")  # it takes the next payment
OVERDUE: tuple[SubscriptionStatus, ...] = ("past_due", "unpaid")  # the last payment failed


# Until then the first payment may be on its way: what became of a bank's debit is known after 14 working days.
_FIRST_PAYMENT = 30 * DAY


@dataclass(frozen=True)
class Grant:
    """Access for so many days, from a one-off gift, or until a date that the newsroom set by hand."""

    id: str  # the movement (`pi_…`), or `grant_…` when a person gave it
    tier: str
    at: int
    days: int | None = None
    until: int | None = None


@dataclass(frozen=True)
class RecurringGift:
    """A recurring gift as the provider says it stands. `amount`: minor units for each `interval_count` intervals.

    `periods`: what was paid for. `stopped_at`: when somebody last asked to end it; `ends_at`: when it then ends.
    `next_payment_at`: the end of the provider's current period, None if no payment will come; `retry_at`: when the
    provider tries a failed payment again; `resumes_at`: when a paused one goes on by itself. `unpaid`: it ended
    because its payments failed. `status` has Stripe's values. `card`: what its next payment is charged to; None
    when it is no card, when nothing can be charged, or for a gift that has ended. `asked`: a change that was asked
    for and is not made yet.
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
    card: Card | None = None
    asked: Asked | None = None

    @property
    def will_renew(self) -> bool:
        """True while the provider will take the next payment."""
        if self.status not in RENEWING:
            return False
        return self.ends_at is None or (self.next_payment_at or self.ends_at) < self.ends_at

    @property
    def goes_on(self) -> bool:
        """True for one that will take another payment, though it may be paused now: nobody asked to end it."""
        return self.will_renew or (self.status == "paused" and self.ends_at is None)

    def awaits_first_payment(self, now: BusinessTime) -> bool:
        """Whether it has begun while its first payment is on its way: a debit from a bank account takes days."""
        return self.status == "active" and not self.periods and now < self.started_at + _FIRST_PAYMENT

    @property
    def is_offered(self) -> bool:
        """Whether it is given in a rhythm that the newsroom offers: every month or every year."""
        return self.interval in ("month", "year") and self.interval_count == 1

    @property
    def tier(self) -> str | None:
        """The tier that the last paid period opens; None if nothing is paid for, or it was too little."""
        latest = newest(self.periods)
        return latest.tier if latest else None

    @property
    def paid_through(self) -> int:
        """Until when it is paid for; if nothing is, when it began."""
        latest = newest(self.periods)
        return latest.end if latest else self.started_at


@dataclass(frozen=True)
class Standing:
    """Everything that a supporter's access follows from. `reversals` stand in the order of their gifts."""

    grants: tuple[Grant, ...] = ()
    recurring: tuple[RecurringGift, ...] = ()
    reversals: tuple[Reversal, ...] = ()

    def in_force(self, gift: RecurringGift) -> RecurringGift:
        """A recurring gift with only those periods whose payments were not taken back."""
        reversals = [one for one in self.reversals if one.closed and one.recurring == gift.id]
        return replace(gift, periods=in_force(gift.periods, reversals)) if reversals else gift

    def gift_to_raise(self) -> RecurringGift | None:
        """The recurring gift that a supporter is asked to raise: of those that go on the newest; None without any.

        Those that are given every month or every year: no other rhythm is offered.
        """
        running = [gift for gift in self.recurring if gift.goes_on and gift.is_offered]
        return max(running, key=lambda gift: (gift.started_at, gift.id), default=None)

    def paid(self, gift: RecurringGift) -> list[PaidPeriod]:
        """The times that a recurring gift has paid for, without those that were taken back, in order."""
        return timeline(self.in_force(gift).periods)


@dataclass(frozen=True)
class Entitlement:
    """Access at one moment: the tier, until when (grace included), and whether a payment is overdue."""

    tier: str | None = None
    until: BusinessTime | None = None
    payment_failed: bool = False


def includes(tiers: Sequence[str], held: str | None) -> tuple[str, ...]:
    """The tiers that a tier opens: itself and all lower ones. An unknown name (a renamed tier) opens the lowest."""
    if held is None:
        return ()
    return tuple(tiers[: tiers.index(held) + 1]) if held in tiers else tuple(tiers[:1])


def entitlement(standing: Standing, tiers: Sequence[str], grace: int, now: BusinessTime) -> Entitlement:
    """What the standing opens at `now`. `tiers`: lowest first; `grace`: in seconds."""
    overdue = any(gift.status in OVERDUE for gift in standing.recurring)
    spans = _spans(standing, tiers, grace)
    for rank in range(len(tiers) - 1, -1, -1):
        reach = [(start, end) for at, start, end in spans if at >= rank]
        if any(start <= now < end for start, end in reach):
            return Entitlement(tiers[rank], _contiguous_end(reach, now), overdue)
    return Entitlement(payment_failed=overdue)


def _spans(standing: Standing, tiers: Sequence[str], grace: int) -> list[tuple[int, int, int]]:
    """The times in which each rank is open, as (rank, start, end), from the highest rank down."""
    spans: list[tuple[int, int, int]] = []
    taken: list[Span] = []
    closed = {one.gift for one in standing.reversals if one.closed}
    # Grants by hand until a date come first: days from gifts are placed after them.
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
    """Add `grace` seconds to the last paid time, for a late renewal; none if the gift was stopped on purpose.

    They also stay if the provider gives up before they are over: the mail about the failed payment promised them. A
    renewal that was taken back counts as one that has not come. If nothing is paid for, there is no grace.
    """
    last = max((one.end for one in paid), default=None)
    late = grace if gift.will_renew or gift.unpaid else 0
    return [(start, end + late if end == last else end) for start, end in spans]


def _rank(tiers: Sequence[str], name: str) -> int:
    return tiers.index(name) if name in tiers else 0


def _lay_out(grant: Grant, taken: Iterable[Span]) -> list[Span]:
    """Place the grant's days into the time that is still free, as early as possible from its own time on."""
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
    """What the standing opens at `now`, by the newsroom's tiers and grace."""
    return entitlement(standing, newsroom.tier_names, newsroom.grace_days * DAY, now)
