"""What a rail tells, after everything in it was fetched anew: the input of every decision about money and access."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

from chalicelib.checkouts.rules.status import CheckoutStatus
from chalicelib.kernel.rhythm import Rhythm
from chalicelib.ledger.rules.movements import Booked, Movement, Period
from chalicelib.newsroom.rules import Interval
from chalicelib.supporters.rules.access import SubscriptionStatus


@dataclass(frozen=True)
class PaidInvoice:
    """A paid invoice of a recurring gift: the newest period that it pays for, and the gift's full price for that.

    `amount`: unit price x quantity for one `rhythm`, before credit, discount, tax and whatever else stood on the
    invoice. It decides the tier; the ledger books what was really paid. `free`: a time that the newsroom gave.
    """

    invoice: str
    period: Period
    amount: int
    rhythm: Rhythm
    free: bool = False


@dataclass(frozen=True)
class RecurringFacts:
    """A subscription as Stripe says it stands now; `paid` only when a paid invoice said so.

    `amount`: for one `rhythm`. `next_payment_at`: Stripe's own end of the period; None: no payment will come.
    `first`: the paid invoice is the one that started it. `retry_at`: when a payment that failed is tried again, where
    the invoice that is to be paid now said so (`retry_known`). `resumes_at`: when a paused one goes on by itself.
    `stopped_at`: when somebody last asked to end it, as a name for the receipts of that and of taking it back.
    `unpaid`: it ended as its payments failed.
    """

    id: str
    status: SubscriptionStatus
    started_at: int
    ends_at: int | None
    amount: int
    currency: str
    rhythm: Rhythm
    customer: str
    paid: PaidInvoice | None = None
    first: bool = False
    next_payment_at: int | None = None
    retry_at: int | None = None
    retry_known: bool = False
    resumes_at: int | None = None
    stopped_at: int | None = None
    unpaid: bool = False


@dataclass(frozen=True)
class CheckoutFacts:
    """How a checkout of ours stands, and what it is for."""

    id: str
    status: CheckoutStatus
    amount: int
    currency: str
    interval: Interval


@dataclass(frozen=True)
class FailedRenewal:
    """A payment of a recurring gift was refused; `id` names the invoice and the try.

    `next_attempt_at` None: Stripe gave up. `needs`: what the supporter must do, as no later try by itself can
    succeed: `confirm` at their bank (3-D Secure), or name another `card`. `pay_at`: Stripe's page for this invoice.
    """

    id: str
    next_attempt_at: int | None
    again: bool = False
    needs: Literal["confirm", "card"] | None = None
    pay_at: str | None = None


@dataclass(frozen=True)
class ReversalFacts:
    """What one refund (`re_…`) or one dispute (`dp_…`) took of a gift, as it stands now.

    `status`: Stripe's own word. `holds`: minor units that it keeps from us now; 0 once a refund failed or a dispute
    was won. `movements`: all the money it has moved so far, there and back.
    """

    by: str
    kind: Literal["refund", "dispute"]
    gift: Booked
    holds: int
    movements: tuple[Movement, ...] = ()
    status: str = ""


@dataclass(frozen=True)
class Facts:
    """What one event, or one return from Stripe, tells. `gifts`: payments that arrived."""

    gifts: tuple[Movement, ...] = ()
    reversals: tuple[ReversalFacts, ...] = ()
    recurring: RecurringFacts | None = None
    checkout: CheckoutFacts | None = None
    customer: str | None = None
    currency: str | None = None
    campaign: str | None = None
    source: str | None = None
    failed: FailedRenewal | None = None

    def without_checkout(self) -> "Facts":
        """All but how the checkout stands, which is known better."""
        return replace(self, checkout=None)

    def part(self, most: int, done: Collection[str] = ()) -> "tuple[Facts, bool]":
        """As much of it as one transaction can hold, and whether nothing is left then.

        Gifts come first, since what was taken back is taken back of them.

        :param most: movements of money, about.
        :param done: what earlier parts were about, see `about`.
        """
        gifts = [gift for gift in self.gifts if gift.id not in done]
        taken = [one for one in self.reversals if one.by not in done]
        room = max(0, most - len(gifts))
        part = replace(self, gifts=tuple(gifts[:most]), reversals=tuple(taken[:room]))
        return part, len(gifts) + len(taken) <= most

    @property
    def about(self) -> frozenset[str]:
        """The gifts, refunds and disputes that it tells of."""
        return frozenset({*(gift.id for gift in self.gifts), *(one.by for one in self.reversals)})
