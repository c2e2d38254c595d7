"""The facts of a notification, fetched anew from the provider: the input of every decision about money and access."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

from chalicelib.checkouts.rules.status import CheckoutStatus
from chalicelib.kernel.rhythm import Rhythm
from chalicelib.ledger.rules.failed_payments import FailedPayment
from chalicelib.ledger.rules.movements import Booked, Movement, Period
from chalicelib.newsroom.rules import Interval
from chalicelib.supporters.rules.access import SubscriptionStatus
from chalicelib.supporters.rules.card import Card


@dataclass(frozen=True)
class PaidInvoice:
    """A paid invoice of a recurring gift: the newest period that it pays for, and the gift's full price for that.

    `amount`: unit price x quantity for one `rhythm`, in minor units, before credit, discount, tax and other lines of
    the invoice. It decides the tier; the ledger books what was really paid. `free`: the newsroom gave this period.
    """

    invoice: str
    period: Period
    amount: int
    rhythm: Rhythm
    free: bool = False


@dataclass(frozen=True)
class RecurringFacts:
    """A recurring gift as the provider says it stands now. `paid`: what a paid invoice pays for, where there is one.

    Times are seconds since 1970. `amount`: for one `rhythm`, minor units. `next_payment_at`: the provider's end of
    the period; None: no payment will come. `first`: the paid invoice is the one that started it. `retry_at`: when a
    failed payment is tried again; it counts only with `retry_known`, that is if the open invoice was looked at.
    `resumes_at`: when a paused one resumes by itself. `stopped_at`: when somebody last asked to end it; it makes the
    names of the mails about that stop, and about taking it back, unique. `unpaid`: it ended as its payments failed.
    `card`: what it is charged to; it counts only with `card_known`, that is if the provider was asked for it.
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
    card: Card | None = None
    card_known: bool = False


@dataclass(frozen=True)
class CheckoutFacts:
    """A checkout of ours: its status, and what it is for. `amount`: minor units of `currency`."""

    id: str
    status: CheckoutStatus
    amount: int
    currency: str
    interval: Interval


@dataclass(frozen=True)
class FailedRenewal:
    """A payment of a recurring gift was refused; `id` names the invoice and the try.

    `next_attempt_at` None: the provider gave up. `needs`: what the supporter must do, as no later try by itself can
    succeed: `confirm` at their bank (3-D Secure), or enter another `card`. `pay_at`: the provider's page for it.
    """

    id: str
    next_attempt_at: int | None
    again: bool = False
    needs: Literal["confirm", "card"] | None = None
    pay_at: str | None = None


@dataclass(frozen=True)
class ReversalFacts:
    """What one refund or one dispute took back of a gift, as it stands now.

    `by`: the provider's id of it, `status`: the provider's own word (Stripe's: `re_…`, `dp_…`). `holds`: the minor
    units that it holds now; 0 once a refund failed or a dispute was won. `movements`: all that it moved so far, out
    and back in.
    """

    by: str
    kind: Literal["refund", "dispute"]
    gift: Booked
    holds: int
    movements: tuple[Movement, ...] = ()
    status: str = ""


@dataclass(frozen=True)
class Facts:
    """All facts of one notification, as fetched anew. `gifts`: payments that arrived.

    `failed`: a payment was refused, and has not arrived since. `failure`: one was refused, whatever became of it.
    """

    gifts: tuple[Movement, ...] = ()
    reversals: tuple[ReversalFacts, ...] = ()
    recurring: RecurringFacts | None = None
    checkout: CheckoutFacts | None = None
    customer: str | None = None
    currency: str | None = None
    campaign: str | None = None
    source: str | None = None
    failed: FailedRenewal | None = None
    failure: FailedPayment | None = None

    def without_checkout(self) -> "Facts":
        """The same without the checkout's status, for a caller that knows a later one."""
        return replace(self, checkout=None)

    def part(self, most: int, done: Collection[str] = ()) -> "tuple[Facts, bool]":
        """The next part that one transaction can hold, and whether it is the last one.

        Gifts come first, as the reversals are of them.

        :param most: about how many movements of money.
        :param done: the ids that earlier parts were `about`.
        """
        gifts = [gift for gift in self.gifts if gift.id not in done]
        taken = [one for one in self.reversals if one.by not in done]
        room = max(0, most - len(gifts))
        part = replace(self, gifts=tuple(gifts[:most]), reversals=tuple(taken[:room]))
        return part, len(gifts) + len(taken) <= most

    @property
    def about(self) -> frozenset[str]:
        """The ids of all gifts, refunds and disputes in these facts."""
        return frozenset({*(gift.id for gift in self.gifts), *(one.by for one in self.reversals)})
