"""The JSON answers of signing in, and of a supporter's own data."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, RootModel

from chalicelib.http.answers import JsonAnswer, Moment, Tier, Until
from chalicelib.supporters.rules.access import SubscriptionStatus

Pass = Annotated[str | None, Field(description="For `Authorization: Bearer`, five minutes; null without a tier.")]


class SignInAsked(JsonAnswer):
    """The request is taken: the same answer for every address, whether it is known or not."""

    sent: Literal[True]


class SignedIn(JsonAnswer):
    """A supporter is signed in here."""

    signed_in: Literal[True]
    sub: str = Field(description="Opaque, stable, never an e-mail address.")
    tier: Tier
    until: Until
    pass_: Pass = Field(alias="pass")
    payment_failed: bool = Field(description="The last payment of a recurring gift failed.")
    supports: bool = Field(description="Holds a tier, or gives something that goes on.")


class PaidHere(JsonAnswer):
    """Nobody is signed in, but a payment made in this browser during the last day opens articles."""

    signed_in: Literal[False]
    tier: str
    until: Moment
    pass_: str = Field(alias="pass")


class Nobody(JsonAnswer):
    """Nobody is signed in here, and no payment of this browser opens anything."""

    signed_in: Literal[False]


class Session(RootModel[SignedIn | PaidHere | Nobody]):
    """Who is signed in here, or what a payment opens in this browser."""

    model_config = ConfigDict(strict=True, frozen=True)


class ShownCard(JsonAnswer):
    """A payment card; `expires`: the last month in which it can be charged, as `YYYY-MM`."""

    brand: str
    last4: str
    expires: str


class RecurringGift(JsonAnswer):
    """A recurring gift; `amount` in the currency's minor unit, `status` in Stripe's words.

    It is charged every `interval_count` intervals. `next_payment_at`: Stripe's own end of the period; null when no
    payment will come; of a paused one, the first that is taken again. `paused_until`: when Stripe goes on by itself,
    half a period before that. `card`: what that payment is charged to; null when it is no card, or not known. `can`:
    what is possible now.
    """

    id: str
    amount: int
    currency: str
    interval: Literal["day", "week", "month", "year"]
    interval_count: int
    status: SubscriptionStatus
    tier: str | None
    paid_through: Moment
    will_renew: bool
    ends_at: Moment | None
    next_payment_at: Moment | None
    paused_until: Moment | None
    card: ShownCard | None
    can: list[Literal["change", "pause", "resume", "stop", "keep", "card"]]


class OneOffGift(JsonAnswer):
    """A gift given once; `amount` and how much of it was `refunded` in the currency's minor unit."""

    id: str
    amount: int
    currency: str
    given_at: Moment
    refunded: int


class Me(JsonAnswer):
    """A supporter's own data and gifts. `one_off`: newest first, at most fifty."""

    sub: str
    email: str
    language: str
    created_at: Moment
    tier: Tier
    until: Until
    payment_failed: bool = Field(description="True while a payment of a recurring gift is overdue.")
    recurring: list[RecurringGift]
    one_off: list[OneOffGift]


class PortalLink(JsonAnswer):
    """The address of Stripe's portal for this supporter; it works for a short time."""

    url: str
