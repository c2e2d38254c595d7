"""What Stripe tells, after everything in it was fetched anew: the input of every decision about money and access."""

from dataclasses import dataclass
from typing import Literal

from chalicelib.domain.movements import Booked, Movement
from chalicelib.domain.newsroom import Interval

CheckoutStatus = Literal["open", "processing", "paid", "failed", "expired"]
# A checkout's status moves forward only: what is paid is not reopened by an older telling.
CHECKOUT_ORDER: tuple[CheckoutStatus, ...] = ("open", "expired", "processing", "failed", "paid")
ENDED = ("canceled", "incomplete_expired")  # Stripe's words for a subscription that will never take money again


@dataclass(frozen=True)
class SubscriptionFacts:
    """A subscription as Stripe says it stands now; `paid_through` only when a paid invoice said so.

    `paid_amount`: what that invoice was for, which decides the tier. `stopped_at`: when somebody last asked to end
    it, which names the receipts for that and for taking it back. `unpaid`: it ended as its payments failed.
    """

    id: str
    status: str
    started_at: int
    ends_at: int | None
    amount: int
    currency: str
    interval: Interval
    customer: str
    paid_through: int | None = None
    paid_amount: int | None = None
    first: bool = False
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
    """A renewal that was refused; `id` names the invoice and the try. `next_attempt_at` None: Stripe gave up."""

    id: str
    next_attempt_at: int | None
    again: bool = False


@dataclass(frozen=True)
class TakenBack:
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
    taken_back: tuple[TakenBack, ...] = ()
    subscription: SubscriptionFacts | None = None
    checkout: CheckoutFacts | None = None
    customer: str | None = None
    currency: str | None = None
    campaign: str | None = None
    source: str | None = None
    failed: FailedRenewal | None = None
