"""What a website or a page sends to start a gift."""

from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints, WithJsonSchema

from chalicelib.domain.languages import understood
from chalicelib.domain.newsroom import Interval
from chalicelib.web.forms.base import Email, Form, Identifier, Line, Place, Query, one_line

Attempt = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{16,64}$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[a-z]{3}$")]


def _language(value: object) -> object:
    return understood(one_line(value)) if isinstance(value, str) else value


# Nobody is refused for a language: what we do not understand counts as not said.
Language = Annotated[
    str | None, BeforeValidator(_language), WithJsonSchema({"type": "string", "examples": ["uk", "en"]})
]


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


class DonatePage(Query):
    """The donation page's address; everything may be left out."""

    amount: Line | None = None
    currency: Line | None = None
    interval: Line | None = None
    campaign: Line | None = None
    source: Line | None = None
    return_to: Line | None = None
    lang: Line | None = None
    own_amount: Line | None = None


class DonateForm(Form):
    """The donation page's form: a preset in minor units, or an own amount as a person writes it."""

    amount: Line | None = None
    own_amount: str | None = None
    currency: Currency
    interval: Interval
    attempt: Attempt
    campaign: Line | None = None
    source: Place | None = None
    return_to: Place | None = None
    lang: Language | None = None


class ComingBack(Query):
    """Stripe's return address."""

    session_id: Identifier
