"""What giving answers. Amounts are in minor units."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from chalicelib.domain.newsroom import Interval


class Answered(BaseModel):
    """An answer of ours: every field is named, so that a test notices one that nobody described."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Checkout(Answered):
    """A checkout that was started: send the reader to `url`."""

    id: str
    url: str


class CheckoutStatus(Answered):
    """How a checkout stands."""

    status: Literal["open", "processing", "paid", "failed", "expired"]


class EventReceived(Answered):
    """`applied` true: nothing is left to do. False: the event is safe and will be applied soon."""

    stored: Literal[True]
    applied: bool


class Health(Answered):
    """Whether we and our table answer."""

    ok: bool
    version: str
    table: Literal["ok", "down"]


class TierWords(Answered):
    """A tier in every language."""

    name: str
    title: dict[str, str]
    opens: dict[str, str]


class EarningRule(Answered):
    """From this amount on a gift earns the tier; a one-off gift for so many days."""

    from_: int = Field(alias="from")
    tier: str
    days: int | None = None


class CurrencyOffer(Answered):
    """One currency: how many decimals it has, the smallest step, bounds, presets and what amounts earn."""

    decimals: int
    step: int
    minimum: int
    maximum: int
    presets: dict[Interval, list[int]]
    earns: dict[Interval, list[EarningRule]]


class Links(Answered):
    """Our pages for readers; `read` wants an article's id behind it."""

    donate: str
    account: str
    sign_in: str
    read: str


class Newsroom(Answered):
    """What a donate button needs to know."""

    name: dict[str, str]
    languages: list[str]
    livemode: bool
    default_currency: str
    default_interval: Interval
    tiers: list[TierWords]
    currencies: dict[str, CurrencyOffer]
    payment_page_language: dict[str, str]
    texts: dict[str, dict[str, str]]
    colours: dict[str, str]
    links: Links
