"""What a website or a page sends to start a gift."""

from typing import Annotated

from pydantic import Field, StringConstraints

from chalicelib.http.forms import Email, Form, Identifier, Language, Line, Place, Query, Tick
from chalicelib.newsroom.rules import Interval

Attempt = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{16,64}$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[a-z]{3}$")]


class NewCheckout(Form):
    """A wish to give. `amount` in the currency's minor unit."""

    amount: int = Field(examples=[500], description="The newsroom's bounds are in `/v1/newsroom`.")
    currency: Currency = Field(examples=["eur"])
    interval: Interval = Field(examples=["month"])
    attempt: Attempt = Field(description="Random, new for every wish and after any change of it.")
    email: Email | None = None
    locale: Language | None = Field(default=None, description="The language of our pages and mails.")
    campaign: Identifier | None = None
    source: Place | None = Field(default=None, description="The page on which the appeal stood.")
    return_to: Place | None = Field(default=None, description="Where the reader goes on afterwards.")
    unless_supporting: bool = Field(
        default=False,
        description="True: refuse a second recurring gift of the same currency with 409 `already_supporting`.",
    )


class DonatePage(Query):
    """The query parameters of the donation page; all may be left out."""

    amount: Line | None = None
    currency: Line | None = None
    interval: Line | None = None
    campaign: Line | None = None
    source: Line | None = None
    return_to: Line | None = None
    lang: Line | None = None
    own_amount: Line | None = None
    to: Line | None = Field(
        default=None,
        description="Change one choice and go on to the page with it: `interval.year`, `currency.uah`, `lang.en`.",
    )


class DonateForm(Form):
    """The donation page's form: a preset in minor units, or an own amount as a person writes it.

    `browser`: the secret that a browser without a checkout cookie gets, from a page that sets none.
    """

    amount: Line | None = None
    own_amount: str | None = None
    currency: Currency
    interval: Interval
    attempt: Attempt
    browser: Attempt | None = None
    campaign: Line | None = None
    source: Place | None = None
    return_to: Place | None = None
    lang: Language | None = None
    second: Tick = False


class ComingBack(Query):
    """The query parameters with which Stripe sends a reader back."""

    session_id: Identifier
