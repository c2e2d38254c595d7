"""The hosted pages and what each of them shows. Plain values only: no store, no Stripe, the view decides.

Amounts are minor units of `currency` (lower case), times are aware datetimes, `return_to` and other addresses have
been checked by the view. `problem` is a finished sentence in the page's language.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from chalicelib.http.pages.gift_form import GiftForm
from chalicelib.kernel.email_address import shown


@dataclass(frozen=True)
class FieldProblem:
    """Why the last post was refused: the form field it is about (or empty) and a sentence."""

    field: str
    sentence: str


@dataclass(frozen=True)
class Donate:
    """`GET /donate`.

    The form posts `amount` (minor units, or `own` with `own_amount` in major units), `currency, interval, attempt,
    campaign, source, return_to, lang` to `/donate`.
    """

    form: GiftForm
    attempt: str
    campaign: str = ""
    campaign_title: str = ""
    source: str = ""
    return_to: str = ""
    problem: FieldProblem | None = None


class ThanksState(StrEnum):
    """What became of a checkout, as far as this browser may know."""

    PAID = "paid"
    PAID_OTHER_BROWSER = "paid_other_browser"
    PROCESSING = "processing"
    FAILED = "failed"
    EXPIRED = "expired"
    OPEN = "open"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True)
class Gift:
    """An amount with its rhythm: once, or every `interval_count` of day, week, month or year."""

    amount: int
    currency: str
    interval: str = "once"
    interval_count: int = 1


@dataclass(frozen=True)
class Thanks:
    """`GET /thanks/{checkout}`.

    `gift`, `opens`, `until` and `sent_to` (masked, see `mask_email`) only for the browser that started the checkout.
    `opens` is empty when the gift opens nothing; `until` is None while a recurring gift goes on. `signed_in`: no code
    is asked for. `payment_url`: the unpaid Checkout page. `retry_at`: of a recurring gift whose first payment failed,
    when it is tried again. `write_to`: the newsroom's address, where no mail can reach the giver. `asked_often`: not
    Stripe is away, it was looked at too often in one minute. `typed` and `remember`: what was sent with a code that
    was refused.
    """

    checkout: str
    state: ThanksState
    gift: Gift | None = None
    opens: str = ""
    until: datetime | None = None
    sent_to: str = ""
    signed_in: bool = False
    return_to: str = ""
    payment_url: str = ""
    problem: str = ""
    retry_at: datetime | None = None
    write_to: str = ""
    asked_often: bool = False
    typed: str = ""
    remember: bool = True


@dataclass(frozen=True)
class SignIn:
    """`GET /sign-in`: asks for the address; posts `email, return_to, locale` to `/v1/sign-in`.

    `signed_in_as`: the address of whoever is signed in here already.
    """

    email: str = ""
    return_to: str = ""
    problem: str = ""
    signed_in_as: str = ""


@dataclass(frozen=True)
class EnterCode:
    """`GET /sign-in?sent=1`: asks for the code; posts `code, return_to, remember` to `/v1/sign-in/confirm`.

    `typed`: the code that was refused, to be mended. `asked_here` False: this browser brings no cookie of asking.
    """

    sent_to: str = ""
    return_to: str = ""
    remember: bool = True
    problem: str = ""
    typed: str = ""
    asked_here: bool = True


class ConfirmState(StrEnum):
    """Who opened the link of a sign-in mail, or that it has ended."""

    SAME_BROWSER = "same_browser"
    OTHER_BROWSER = "other_browser"
    ENDED = "ended"


@dataclass(frozen=True)
class Confirm:
    """`GET /v1/sign-in/{token}`: a button that posts `token, return_to, remember`, elsewhere `code` too."""

    token: str
    state: ConfirmState
    return_to: str = ""
    problem: str = ""
    typed: str = ""
    remember: bool = True


RecurringStatus = Literal["active", "past_due", "unpaid", "incomplete", "paused", "ending", "ended", "never_began"]


@dataclass(frozen=True)
class RecurringGift:
    """A recurring gift as its supporter sees it.

    `id` (`sub_…`) is posted as `subscription`. active: renews at `next_payment_at`; past_due: the last payment failed
    and is tried again at `retry_at`;
    unpaid: it failed for good, and can still be paid; incomplete: the first payment is not through yet; paused: paid
    until `paid_through`, nothing is charged, before `resumes_at` if that is known; ending: stops at `ends_at` (None:
    at `paid_through`), after another payment if there is a `next_payment_at`; ended;
    never_began: the first payment failed for good.
    """

    id: str
    gift: Gift
    status: RecurringStatus
    paid_through: datetime | None = None
    ends_at: datetime | None = None
    next_payment_at: datetime | None = None
    retry_at: datetime | None = None
    resumes_at: datetime | None = None


@dataclass(frozen=True)
class OneOffGift:
    """A gift given once, on a day. `refunded`: how much of `amount` went back."""

    given_at: datetime
    amount: int
    currency: str
    refunded: int = 0


@dataclass(frozen=True)
class Account:
    """`GET /account`.

    `tier`: its title, empty without access. `until` None: while the support goes on. `payment_language`: of Stripe's
    portal.
    """

    email: str
    tier: str = ""
    opens: str = ""
    until: datetime | None = None
    recurring: tuple[RecurringGift, ...] = ()
    one_off: tuple[OneOffGift, ...] = ()
    payment_language: str = "en"
    problem: str = ""


@dataclass(frozen=True)
class Appeal:
    """The giving form under a teaser, folded to one amount: the lowest that opens the article.

    Posts to `/donate` like `Donate`. `form.amount` must be set.
    """

    form: GiftForm
    attempt: str
    campaign: str = ""


@dataclass(frozen=True)
class Read:
    """`GET /read/{id}`: the whole text, or the teaser with an appeal.

    `html` is the CMS's own markup, shown as `article_html` makes it; `frames` are the hosts whose frames it may hold.
    `reason` as in the HTTP contract. `needs` is the title of the tier that opens the article. `url` is the article on
    the newsroom's site, `here` this page's own address.
    `source` is what a gift made here says it came from: `url`, if that is on an allowed origin.
    """

    title: str
    html: str
    url: str
    here: str
    open: bool
    reason: str
    needs: str = ""
    article_lang: str = ""
    appeal: Appeal | None = None
    signed_in: bool = False
    source: str = ""
    frames: tuple[str, ...] = ()


@dataclass(frozen=True)
class Problem:
    """Any refusal, for a person with a browser.

    `code` is the stable code of the problem; a sentence of ours in the page's language is shown for the codes we
    know, else `sentence`. `minimum` and `maximum` are minor units of `currency`. `retry_after`: seconds to wait.
    """

    status: int
    code: str
    sentence: str = ""
    minimum: int | None = None
    maximum: int | None = None
    currency: str = ""
    back: str = ""
    retry_after: int | None = None


Page = Donate | Thanks | SignIn | EnterCode | Confirm | Account | Read | Problem


def mask_email(address: str) -> str:
    """`maria@example.org` as `m…@example.org`: enough to know one's own address, too little to learn another's."""
    name, _, host = shown(address).rpartition("@")
    return f"{name[:1]}…@{host}"
