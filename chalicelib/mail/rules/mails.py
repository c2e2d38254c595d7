"""The content of every mail that a supporter gets: what happened, what it means, what to do. `letters.py` writes it.

One class and one folder of templates (`templates/mails/<kind>/`) per mail. Amounts are minor units of `currency`
(lower case), times are aware datetimes, `opens` says what is open in the reader's language («всі статті для
спільноти») and is empty when nothing is. A recurring gift is charged every `interval_count` of `interval` (day, week,
month or year); a gift made once has the interval `once`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal, get_args

from chalicelib.ledger.rules.movements import MethodOfPayment
from chalicelib.mail.rules.address_mails import AddressMail
from chalicelib.mail.rules.mails_ahead import MailAhead
from chalicelib.mail.rules.privacy_mails import PrivacyMail
from chalicelib.mail.rules.statement_mails import StatementReceived, StatementSettled, StatementToConfirm
from chalicelib.mail.rules.year_mail import YearOfGifts


@dataclass(frozen=True)
class SignInMail:
    """The code and link to sign in. `code` as it is shown (`XXXX-XXXX`), `link` a whole URL; both work `minutes`."""

    kind: ClassVar[str] = "sign_in"
    code: str
    link: str
    minutes: int = 10


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What a mail that confirms a payment says beside its sentences; what is empty is not shown.

    `reference`: the rail's own id of what moved. `number`: the newsroom's for this receipt, with its letters.
    `payer`: the name given with the payment, `method`: how it was paid. `gift`: the gift whose receipt it is.
    """

    reference: str = ""
    number: str = ""
    payer: str = ""
    method: MethodOfPayment | None = None
    gift: str = ""


@dataclass(frozen=True)
class ThanksOnce(Receipt):
    """A one-off gift has arrived. `until`: the end of what it opens, with `opens`.

    `source`: the page that the gift came from, where its reader wants to read on.
    """

    kind: ClassVar[str] = "thanks_once"
    amount: int
    currency: str
    paid_at: datetime
    opens: str = ""
    until: datetime | None = None
    source: str = ""


@dataclass(frozen=True)
class ThanksRecurring(Receipt):
    """The first payment of a recurring gift has arrived. `source`: the page that the gift came from.

    `recovered`: it had failed before.

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
    source: str = ""
    recovered: bool = False


@dataclass(frozen=True)
class Renewed(Receipt):
    """A later payment of a recurring gift has arrived: the receipt. `recovered`: it had failed before.

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
    recovered: bool = False


@dataclass(frozen=True)
class RecurringWillEnd:
    """A recurring gift was stopped; until `ends_at` it can be resumed. `access_until`: until when it is paid for.

    `next_payment_at`: of the payment that will still be taken before the gift ends.
    """

    kind: ClassVar[str] = "recurring_will_end"
    amount: int
    currency: str
    interval: str
    ends_at: datetime | None = None
    access_until: datetime | None = None
    next_payment_at: datetime | None = None
    interval_count: int = 1
    undo: str = ""


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
    undo: str = ""


@dataclass(frozen=True)
class RecurringEnded:
    """A recurring gift has ended. `access_until`: until when something stays open, if anything does.

    `unpaid`: it ended because its last payment failed for good, not because somebody ended it.
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
    """A recurring gift was paused: nothing is charged until somebody resumes it, or until it resumes at `resumes_at`.

    `access_until`: until when it is paid for. `next_payment_at`: of the first payment that is then taken again, which
    counts more for its reader than the day on which Stripe begins to collect.
    """

    kind: ClassVar[str] = "recurring_paused"
    amount: int
    currency: str
    interval: str
    access_until: datetime | None = None
    resumes_at: datetime | None = None
    next_payment_at: datetime | None = None
    interval_count: int = 1
    undo: str = ""


@dataclass(frozen=True)
class RecurringChanged(Receipt):
    """A supporter changed their recurring gift: it is `gift_amount` each interval now, and was `was_amount` before.

    `amount` was paid for the change at `paid_at`: the difference for the rest of the paid time; 0: nothing was
    charged. `next_amount`: what the next payment comes to, where credit or a discount makes it another sum. `opens`:
    what the gift opens, at once if something was paid, else from the next payment on; `same_level`: as it does now.
    `undo`: what undoes it.
    """

    kind: ClassVar[str] = "recurring_changed"
    amount: int
    currency: str
    interval: str
    gift_amount: int
    was_amount: int
    was_interval: str
    paid_at: datetime | None = None
    next_payment_at: datetime | None = None
    next_amount: int | None = None
    opens: str = ""
    interval_count: int = 1
    was_interval_count: int = 1
    same_level: bool = False
    undo: str = ""


@dataclass(frozen=True)
class PaymentFailed:
    """A payment of a recurring gift failed. `next_attempt_at` None: Stripe will not try again by itself.

    `again`: an earlier try for this payment failed too, so the reader has had a mail about it. `needs`: what the
    reader must do, as no later try can succeed by itself: `confirm` it at their bank, or enter another `card`.
    `pay_at`: Stripe's page where this payment can be confirmed, or made by hand where no try will follow that can
    succeed. `first`: none was ever paid, so the reader may think that the gift came to nothing, and give once more.
    `recurring`: the gift's id.
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
    first: bool = False
    recurring: str = ""


@dataclass(frozen=True)
class Processing:
    """A payment by a delayed method (SEPA and others) was started; its money comes days later."""

    kind: ClassVar[str] = "processing"
    amount: int
    currency: str
    interval: str = "once"
    interval_count: int = 1


@dataclass(frozen=True)
class PaymentFailedOnce:
    """A payment by a delayed method failed: no money was taken."""

    kind: ClassVar[str] = "payment_failed_once"
    amount: int
    currency: str
    interval: str = "once"
    interval_count: int = 1


@dataclass(frozen=True)
class Refunded(Receipt):
    """A refund: `amount` was given back at `paid_at` of the gift of `gift_amount` received at `gift_at`.

    `full`: all of the gift is given back now, by this refund or together with earlier ones. `opens`, `access_until`:
    what stays open for the reader, and until when. `opened`: the gift had opened something, which a full refund ends.
    `renews`: it was a payment of a recurring gift that goes on.
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
    paid_at: datetime | None = None


@dataclass(frozen=True)
class RefundFailed:
    """A refund failed: the money came back to the newsroom, which has to return it in another way."""

    kind: ClassVar[str] = "refund_failed"
    amount: int
    currency: str


Mail = (
    SignInMail
    | ThanksOnce
    | ThanksRecurring
    | Renewed
    | RecurringWillEnd
    | RecurringResumed
    | RecurringEnded
    | RecurringPaused
    | RecurringChanged
    | PaymentFailed
    | Processing
    | PaymentFailedOnce
    | Refunded
    | RefundFailed
    | StatementReceived
    | StatementToConfirm
    | StatementSettled
    | AddressMail
    | MailAhead
    | YearOfGifts
    | PrivacyMail
)
KINDS: Mapping[str, type[Mail]] = {mail.kind: mail for mail in get_args(Mail)}


@dataclass(frozen=True)
class MailToSend:
    """A mail for the outbox: `id` names what it reports (`pi_…:thanks`), `about` the movement it goes with, if any.

    `kind` and `values` are those of the classes above, times in seconds; `tier` is put into words when it is sent.
    """

    id: str
    kind: str
    values: Mapping[str, Any]
    tier: str | None = None
    about: str | None = None
