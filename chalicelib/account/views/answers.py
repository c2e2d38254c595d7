"""The JSON answers about a supporter's own account: data and gifts, devices, address."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, RootModel, StringConstraints

from chalicelib.changing.views.answers import RecurringGift
from chalicelib.http.answers import JsonAnswer, Moment, Tier, Until

Day = Annotated[
    str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\d$"), Field(examples=["2026-08-31"], description="A day.")
]


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


class Device(JsonAnswer):
    """A browser in which the supporter is signed in. Days are the newsroom's; nothing finer is kept of visits.

    `kind`: null for a browser that signed in before we asked. `current`: the one that makes this call.
    """

    id: str
    kind: Literal["phone", "computer"] | None
    signed_in_at: Day
    last_seen_on: Day
    current: bool


class Devices(RootModel[list[Device]]):
    """The supporter's devices: the one that asks first, then by their last visit."""

    model_config = ConfigDict(strict=True, frozen=True)


class CodeMailed(JsonAnswer):
    """The request is taken: the same answer for every address, whether it is known or not."""

    sent: Literal[True]


class ChangedAddress(JsonAnswer):
    """The supporter's address from now on."""

    email: str


class ReminderAsked(JsonAnswer):
    """The reminder waits: one mail comes at the beginning of `month` (`2027-03`, the newsroom's)."""

    month: str


class Claimed(JsonAnswer):
    """The gift is kept under the address that was proven."""

    claimed: Literal[True]
