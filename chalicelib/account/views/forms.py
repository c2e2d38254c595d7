"""The bodies of a supporter's own pages: devices, and the address."""

from pydantic import Field

from chalicelib.http.forms import Email, Form, Identifier, Language
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
