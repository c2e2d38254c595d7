"""The JSON answers about a recurring gift: how it stands, and what changing it does."""

from typing import Literal

from chalicelib.http.answers import JsonAnswer, Moment, Tier
from chalicelib.supporters.rules.access import SubscriptionStatus


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


class NextPayment(JsonAnswer):
    """A payment to come; `amount` in minor units, after credit, discounts and tax."""

    at: Moment | None
    amount: int


class PreviewOfChange(JsonAnswer):
    """What a change would do. `charged_now` in minor units.

    `opens`: the level that the changed gift earns, null if it is too little; at once if something is charged now,
    else from the next payment on. `until`: until when what is paid for now stays open. `changes`: give it back as
    `if`.
    """

    charged_now: int
    next_payment: NextPayment
    opens: Tier
    until: Moment
    changes: str


class NeedsConfirmation(JsonAnswer):
    """The payment waits for the payer's bank at `url`; until it is confirmed nothing is changed."""

    status: Literal["needs_confirmation"]
    url: str
