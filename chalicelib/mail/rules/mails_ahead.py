"""The content of mails about what is to come: the next payment, a card that ends before it, a reminder."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, kw_only=True)
class Ahead:
    """What mails about the next payment of a recurring gift have in common. `recurring`: the gift's id.

    `card_…`: the card that it is charged to, where that will have expired by then; `card_expires` is its last month,
    as `2027-03`.
    """

    amount: int
    currency: str
    interval: str
    next_payment_at: datetime
    interval_count: int = 1
    recurring: str = ""
    card_brand: str = ""
    card_last4: str = ""
    card_expires: str = ""


@dataclass(frozen=True, kw_only=True)
class YearlyAhead(Ahead):
    """A yearly gift is about to be charged `amount`. `opens`: what that keeps open.

    `gift_amount`: what the gift itself is for, where that is not the same (a coupon, credit); None: the same.
    """

    kind: ClassVar[str] = "yearly_ahead"
    gift_amount: int | None = None
    opens: str = ""


@dataclass(frozen=True, kw_only=True)
class CardExpires(Ahead):
    """The card of a recurring gift will have expired when the next payment is due."""

    kind: ClassVar[str] = "card_expires"


@dataclass(frozen=True)
class ReminderMail:
    """A reader asked to be reminded in this month. `amount` and rhythm: of what they last gave, if it is known.

    `late_for`: the month that they asked for (`2027-03`), where that is over: we were late.
    """

    kind: ClassVar[str] = "reminder"
    amount: int | None = None
    currency: str = ""
    interval: str = "once"
    interval_count: int = 1
    late_for: str = ""


MailAhead = YearlyAhead | CardExpires | ReminderMail
