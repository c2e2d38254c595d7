"""The bodies and queries of a supporter's own pages."""

from pydantic import Field

from chalicelib.http.forms import Email, Form, Identifier, Language, Line, Place, Query
from chalicelib.signing_in.views.forms import Code


class DeviceForm(Form):
    """A device to sign out, by a button of the page."""

    device: Identifier
    lang: Language | None = None


class ChangeAddress(Form):
    """The new address. Spaces around it are removed."""

    email: Email = Field(examples=["maria@news.example"])
    lang: Language | None = Field(default=None, description="A page's.")


class AddressCode(Form):
    """The code that was mailed to the new address."""

    code: Code = Field(description="Upper or lower case, with or without the dash.")
    lang: Language | None = Field(default=None, description="A page's.")


class GiftPage(Query):
    """The query parameters of the page that changes a recurring gift; all may be left out."""

    amount: Line | None = Field(default=None, description="In the currency's minor unit, or `own`.")
    own_amount: Line | None = Field(default=None, description="With `own`: as a person writes it.")
    interval: Line | None = None
    charge: Line | None = Field(default=None, description="`now`: the difference for the rest of the paid time.")
    see: Line | None = Field(default=None, description="Show what it would do, with one button that does it.")
    to: Line | None = Field(default=None, description="Change the rhythm and go on: `interval.year`.")
    return_to: Line | None = None
    lang: Line | None = None


class RaisePage(Query):
    """The query parameters of the way to a higher level."""

    tier: Line | None = None
    return_to: Line | None = None
    lang: Line | None = None


class Portal(Form):
    """A request to open Stripe's portal, and where it leads back to."""

    return_to: Place | None = None
    subscription: Identifier | None = Field(default=None, description="The recurring gift that it is about.")
    lang: Language | None = Field(default=None, description="The language of our pages.")


class NewCard(Form):
    """A request for Stripe's page for a new card, and where it leads back to."""

    return_to: Place | None = None
    lang: Language | None = Field(default=None, description="The language of our pages.")
