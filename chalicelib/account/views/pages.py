"""The pages of a supporter's own house; those about one recurring gift stand in `gift_pages.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from chalicelib.account.rules.giving_now import OVER
from chalicelib.http.pages import Gift, Page
from chalicelib.ledger.method_words import brand_in_words
from chalicelib.mail.rules.classes import Switch

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from chalicelib.account.rules.giving_now import GiftStatus, TakenBack
    from chalicelib.receipts.rules.donations import Interval
    from chalicelib.supporters.rules.card import Card


@dataclass(frozen=True)
class RecurringGiftLine:
    """A recurring gift as its supporter sees it.

    `can`: what can be done about it now. `next_payment_at`, `ends_at`, `retry_at`, `resumes_at`: the provider's own
    days; None where there is no such day. `taken_back`: the payment for the time that runs now went back.
    `beginning`: its first payment is on its way.
    """

    id: str
    gift: Gift
    status: GiftStatus
    ends_at: datetime | None = None
    next_payment_at: datetime | None = None
    retry_at: datetime | None = None
    resumes_at: datetime | None = None
    taken_back: TakenBack = ""
    can: Collection[str] = ()
    card: Card | None = None
    beginning: bool = False

    @property
    def brand(self) -> str:
        """The brand of its card as the holder knows it; empty where it has none."""
        return brand_in_words(self.card.brand) if self.card else ""

    @property
    def over(self) -> bool:
        """Whether it takes no more money, whatever is done."""
        return self.status in OVER


@dataclass(frozen=True)
class LatePayment:
    """A payment of a recurring gift that failed, and what mends it.

    `last`: no further try will follow; else `retry_at`, if that is known. `until`: what is open till then, None where
    nothing is, or something else keeps it open. `reopens`: what it paid for is closed, and opens once it is paid.
    """

    line: RecurringGiftLine
    until: datetime | None = None
    reopens: bool = False

    @property
    def last(self) -> bool:
        """Whether the provider has given up on it."""
        return self.line.status == "unpaid"


@dataclass(frozen=True)
class GiftLine:
    """A gift that was given on a day; `interval`: how often. `refunded`: how much went back, in minor units."""

    id: str
    given_at: datetime
    amount: int
    currency: str
    interval: Interval = "once"
    refunded: int = 0
    disputed: bool = False


@dataclass(frozen=True)
class AccountPage(Page):
    """`GET /account`.

    `tier`: its title, empty without access. `until` None: while the support goes on. `then`: the title of the level
    that goes on after `until`. `more`: what the next payment opens beyond that, on `more_at`. `coming`: what a first
    payment that is on its way opens. `too_small`: the least gift that opens something, where one runs that opens
    nothing.

    `late`: payments that failed, said before all else; `checking`: a new card was entered just now, and is being
    tried. `again`: a gift that ended, and the query of the donation page with which it begins anew; None where one
    runs, so that nobody gives twice by mistake. `may_remind`: a reminder is offered, as no gift goes on; `reminder`:
    the month of one that waits.

    `older`: after which gift the next ones stand; `later`: these are not the newest. `years`: those with a statement.
    `unreadable`: some gifts could not be read. `payment_language`: of Stripe's pages.
    """

    template = "account"

    email: str
    tier: str = ""
    opens: str = ""
    until: datetime | None = None
    then: str = ""
    more: str = ""
    more_at: datetime | None = None
    coming: str = ""
    too_small: Gift | None = None
    late: tuple[LatePayment, ...] = ()
    checking: bool = False
    recurring: tuple[RecurringGiftLine, ...] = ()
    again: tuple[Gift, Mapping[str, str | int]] | None = None
    gifts: tuple[GiftLine, ...] = ()
    older: str = ""
    later: bool = False
    years: tuple[int, ...] = ()
    unreadable: bool = False
    payment_language: str = "en"
    problem: str = ""
    may_remind: bool = False
    reminder: str = ""

    @property
    def runs(self) -> bool:
        """Whether a recurring gift has not ended."""
        return not all(line.over for line in self.recurring)


@dataclass(frozen=True)
class DeviceLine:
    """A browser in which the supporter is signed in; `kind` is `phone`, `computer`, or empty where it is not known.

    Of its times only the days are shown. `current`: it is the browser that shows the page.
    """

    id: str
    kind: str
    signed_in_at: datetime
    seen_at: datetime
    current: bool


@dataclass(frozen=True)
class DevicesPage(Page):
    """`GET /account/devices`; each button posts `device, lang` to `/account/devices/sign-out`.

    `done`: one was signed out just now.
    """

    template = "account_devices"

    devices: tuple[DeviceLine, ...]
    done: bool = False


@dataclass(frozen=True)
class AddressPage(Page):
    """`GET /account/email`: posts `email, lang` to `/v1/me/email`, then `code, lang` to `/v1/me/email/confirm`.

    `email`: the present address. `waits_for`: the new one whose code is asked for; empty: none was mailed, or it is
    over. `problem_of`: the field that it is about. `done`: it was changed just now.
    """

    template = "account_email"

    email: str
    typed: str = ""
    waits_for: str = ""
    code: str = ""
    problem: str = ""
    problem_of: Literal["email", "code"] = "email"
    done: bool = False


@dataclass(frozen=True)
class MailSwitch:
    """A class of mails that can be switched off, and whether its mails are sent."""

    name: Switch
    on: bool


@dataclass(frozen=True)
class MailsPage(Page):
    """`GET /account/mails`; each button posts `switch, wanted, lang` to the same address.

    `reminder`: the month (`2027-03`) for which one waits; empty if none does.
    """

    template = "account_mails"

    switches: tuple[MailSwitch, ...]
    reminder: str = ""
    problem: str = ""


@dataclass(frozen=True)
class CardPage(Page):
    """`GET /account/gifts/{gift}/card`: the button posts `return_to, lang` to `/v1/me/recurring/{gift}/card`.

    `card`: the present one, `expires` its last month (`2027-03`); empty where none is known. `late`: a payment
    failed, and is tried again at `next_at`; else the next payment is then.
    """

    template = "account_card"

    id: str
    gift: Gift
    card: str = ""
    expires: str = ""
    late: bool = False
    next_at: datetime | None = None
    payment_language: str = "en"
