"""Every mail a supporter gets: what happened, what it means, what to do. `letters.py` writes them.

One class and one folder of templates (`templates/mails/<kind>/`) per mail. Amounts are minor units of `currency`
(lower case), times are aware datetimes, `opens` says what is open in the reader's language («всі статті для
спільноти») and is empty when nothing is. A recurring gift is charged every `interval_count` of `interval` (day, week,
month or year); a gift made once has the interval `once`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal, get_args


@dataclass(frozen=True)
class SignInMail:
    """Asked for at sign-in. `code` as it is read (`XXXX-XXXX`), `link` a whole address, `minutes` both work."""

    kind: ClassVar[str] = "sign_in"
    code: str
    link: str
    minutes: int = 10


@dataclass(frozen=True)
class ThanksOnce:
    """A one-off gift has arrived. `until`: the end of what it opens, with `opens`."""

    kind: ClassVar[str] = "thanks_once"
    amount: int
    currency: str
    paid_at: datetime
    opens: str = ""
    until: datetime | None = None


@dataclass(frozen=True)
class ThanksRecurring:
    """The first payment of a recurring gift has arrived.

    `amount` was paid. `gift_amount`: what the gift itself is for each interval, where that is not the same (a coupon,
    credit, something else on the invoice); 0: the payment was for no time of it; None: the same.
    """

    kind: ClassVar[str] = "thanks_recurring"
    amount: int
    currency: str
    interval: str
    paid_at: datetime
    next_payment_at: datetime | None = None
    opens: str = ""
    interval_count: int = 1
    gift_amount: int | None = None


@dataclass(frozen=True)
class Renewed:
    """A later payment of a recurring gift has arrived: the receipt.

    `amount` was paid. `gift_amount`: what the gift itself is for each interval, where that is not the same (a coupon,
    credit, something else on the invoice); 0: the payment was for no time of it; None: the same.
    """

    kind: ClassVar[str] = "renewed"
    amount: int
    currency: str
    interval: str
    paid_at: datetime
    next_payment_at: datetime | None = None
    opens: str = ""
    interval_count: int = 1
    gift_amount: int | None = None


@dataclass(frozen=True)
class RecurringWillEnd:
    """A recurring gift was stopped; until `ends_at` it can be resumed. `access_until`: how far it is paid for.

    `next_payment_at`: it ends later than its next payment, which will be taken.
    """

    kind: ClassVar[str] = "recurring_will_end"
    amount: int
    currency: str
    interval: str
    ends_at: datetime | None = None
    access_until: datetime | None = None
    next_payment_at: datetime | None = None
    interval_count: int = 1


@dataclass(frozen=True)
class RecurringResumed:
    """A recurring gift that was stopped goes on after all."""

    kind: ClassVar[str] = "recurring_resumed"
    amount: int
    currency: str
    interval: str
    next_payment_at: datetime | None = None
    opens: str = ""
    interval_count: int = 1


@dataclass(frozen=True)
class RecurringEnded:
    """A recurring gift has ended. `access_until`: if something stays open for a while yet.

    `unpaid`: nobody ended it, its last payment failed for good.
    """

    kind: ClassVar[str] = "recurring_ended"
    amount: int
    currency: str
    interval: str
    ended_at: datetime | None = None
    access_until: datetime | None = None
    unpaid: bool = False
    interval_count: int = 1


@dataclass(frozen=True)
class RecurringPaused:
    """A recurring gift rests: nothing is charged until it is resumed, or by itself goes on at `resumes_at`.

    `access_until`: as far as it is paid for.
    """

    kind: ClassVar[str] = "recurring_paused"
    amount: int
    currency: str
    interval: str
    access_until: datetime | None = None
    resumes_at: datetime | None = None
    interval_count: int = 1


@dataclass(frozen=True)
class PaymentFailed:
    """A payment did not go through. `next_attempt_at` None: Stripe will not try again by itself.

    `again`: a try for this same payment failed before, so the reader has heard of it. `needs`: what the reader must
    do, as no later try can succeed by itself: `confirm` it at their bank, or name another `card`. `pay_at`: Stripe's
    page where this payment can be confirmed, or made with another card.
    """

    kind: ClassVar[str] = "payment_failed"
    amount: int
    currency: str
    interval: str
    next_attempt_at: datetime | None = None
    access_until: datetime | None = None
    again: bool = False
    needs: Literal["confirm", "card"] | None = None
    pay_at: str | None = None
    interval_count: int = 1


@dataclass(frozen=True)
class Processing:
    """A delayed method (SEPA and others): the payment is on its way."""

    kind: ClassVar[str] = "processing"
    amount: int
    currency: str
    interval: str = "once"
    interval_count: int = 1


@dataclass(frozen=True)
class PaymentFailedOnce:
    """A delayed payment failed after all: nothing was taken."""

    kind: ClassVar[str] = "payment_failed_once"
    amount: int
    currency: str
    interval: str = "once"
    interval_count: int = 1


@dataclass(frozen=True)
class Refunded:
    """Money was given back: `amount` by this refund, of the gift of `gift_amount` received at `gift_at`.

    `full`: with this refund all of the gift is given back, be it the last of several. `opens`, `access_until`: what
    is open all the same, and how far it reaches as things stand. `opened`: the gift had opened something, which a
    full refund ends. `renews`: it was a payment of a recurring gift that goes on.
    """

    kind: ClassVar[str] = "refunded"
    amount: int
    currency: str
    gift_amount: int
    gift_at: datetime
    full: bool
    access_until: datetime | None = None
    opens: str = ""
    opened: bool = True
    renews: bool = False


@dataclass(frozen=True)
class RefundFailed:
    """A refund did not arrive: the money has come back to the newsroom, which has to find another way."""

    kind: ClassVar[str] = "refund_failed"
    amount: int
    currency: str


@dataclass(frozen=True)
class CorrectAddress:
    """The newsroom was told that what was given under a mistyped address is this reader's.

    `code` as it is read, `days` it works. How it was mistyped is not said: this reader may be a stranger.
    """

    kind: ClassVar[str] = "correct_address"
    code: str
    days: int = 3


Mail = (
    SignInMail
    | ThanksOnce
    | ThanksRecurring
    | Renewed
    | RecurringWillEnd
    | RecurringResumed
    | RecurringEnded
    | RecurringPaused
    | PaymentFailed
    | Processing
    | PaymentFailedOnce
    | Refunded
    | RefundFailed
    | CorrectAddress
)
KINDS: Mapping[str, type[Mail]] = {mail.kind: mail for mail in get_args(Mail)}


@dataclass(frozen=True)
class MailToSend:
    """A mail as a fact: `id` names what it tells (`pi_…:thanks`), `about` the movement it goes with, if any.

    `kind` and `values` are those of the classes above, times in seconds; `tier` becomes words when it is sent.
    """

    id: str
    kind: str
    values: Mapping[str, Any]
    tier: str | None = None
    about: str | None = None
