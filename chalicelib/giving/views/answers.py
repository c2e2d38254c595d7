"""What giving answers. Amounts are in minor units."""

from typing import Literal

from pydantic import Field

from chalicelib.http.answers import JsonAnswer
from chalicelib.newsroom.rules import Interval


class Checkout(JsonAnswer):
    """A checkout that was started: send the reader to `url`."""

    id: str
    url: str


class CheckoutStatus(JsonAnswer):
    """How a checkout stands."""

    status: Literal["open", "processing", "paid", "failed", "expired"]


class TierWords(JsonAnswer):
    """A tier in every language."""

    name: str
    title: dict[str, str]
    opens: dict[str, str]


class EarningRule(JsonAnswer):
    """From this amount on a gift earns the tier; a one-off gift for so many days."""

    from_: int = Field(alias="from")
    tier: str
    days: int | None = None


class CurrencyOffer(JsonAnswer):
    """One currency: how many decimals it has, the smallest step, bounds, presets and what amounts earn."""

    decimals: int
    step: int
    words: list[str] = Field(
        description="What may stand beside a typed amount: code, sign and words, in small letters."
    )
    minimum: int
    maximum: int
    presets: dict[Interval, list[int]]
    earns: dict[Interval, list[EarningRule]]


class Links(JsonAnswer):
    """Our pages for readers; `read` wants an article's id behind it."""

    donate: str
    account: str
    sign_in: str
    read: str


class HintCookie(JsonAnswer):
    """The cookie by which a page sees that this browser holds something that may open articles."""

    name: str
    domain: str | None = Field(description="Whose pages see it: this domain's; null: those of the API's host alone.")


class MeterAllowances(JsonAnswer):
    """How many metered articles are open in a month: to everybody, and to who is signed in."""

    free: int
    signed_in: int


class Newsroom(JsonAnswer):
    """The newsroom's offer and words, as a donate button needs them."""

    name: dict[str, str]
    languages: list[str]
    livemode: bool
    default_currency: str
    default_interval: Interval
    countries: dict[str, str] = Field(
        description="The currency in which readers of a country are asked first; the default one in all others."
    )
    tiers: list[TierWords]
    currencies: dict[str, CurrencyOffer]
    payment_page_language: dict[str, str]
    texts: dict[str, dict[str, str]]
    colours: dict[str, str]
    links: Links
    hint: HintCookie
    cookie_origins: list[str] = Field(
        description="The newsroom's websites from which browsers send our cookies: those of our own site."
    )
    embeds: list[str] = Field(
        description="Scripts that run in an opened text: whole addresses, to which a query may be added, and hosts."
    )
    meter: MeterAllowances | None = Field(description="null: metered articles are for members.")
