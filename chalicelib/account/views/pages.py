"""A supporter's own page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from chalicelib.http.pages import Gift, Page

RecurringStatus = Literal["active", "past_due", "unpaid", "incomplete", "paused", "ending", "ended", "never_began"]


@dataclass(frozen=True)
class RecurringGiftLine:
    """A recurring gift as its supporter sees it.

    `id` (`sub_…`) is posted as `subscription`. active: renews at `next_payment_at`; past_due: the last payment failed
    and is tried again at `retry_at`;
    unpaid: it failed for good, and can still be paid; incomplete: the first payment is not through yet; paused: paid
    until `paid_through`, nothing is charged, before `resumes_at` if that is known; ending: stops at `ends_at` (None:
    at `paid_through`), after another payment if there is a `next_payment_at`; ended;
    never_began: the first payment failed for good. `again`: of a gift that is over, the query of the donation page
    with which it begins anew; None where another gift runs, so that nobody gives twice by mistake.
    """

    id: str
    gift: Gift
    status: RecurringStatus
    paid_through: datetime | None = None
    ends_at: datetime | None = None
    next_payment_at: datetime | None = None
    retry_at: datetime | None = None
    resumes_at: datetime | None = None
    again: Mapping[str, str | int] | None = None


@dataclass(frozen=True)
class LatePayment:
    """A payment of a recurring gift that failed. `retry_at`: when it is tried again; `until`: what is open till then.

    Either is None where there is no such day: no try will follow; nothing is open, or something else keeps it open.
    """

    retry_at: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class OneOffGiftLine:
    """A gift given once, on a day. `refunded`: how much of `amount` went back."""

    given_at: datetime
    amount: int
    currency: str
    refunded: int = 0


@dataclass(frozen=True)
class AccountPage(Page):
    """`GET /account`.

    `tier`: its title, empty without access. `until` None: while the support goes on. `payment_language`: of Stripe's
    portal. `late`: a payment that failed, said before all else.
    """

    template = "account"

    email: str
    tier: str = ""
    opens: str = ""
    until: datetime | None = None
    recurring: tuple[RecurringGiftLine, ...] = ()
    one_off: tuple[OneOffGiftLine, ...] = ()
    payment_language: str = "en"
    problem: str = ""
    late: LatePayment | None = None
