"""The bodies and queries of signing in and signing out."""

from typing import Annotated

from pydantic import Field, StringConstraints

from chalicelib.http.forms import Email, Form, Identifier, Language, Place, Query, Tick
from chalicelib.signing_in.rules.typed_code import LONGEST_CODE

# As people type and paste it, even the mail's whole line (`signing_in/rules/typed_code.py`). Longer text is refused
# before a guess is counted.
Code = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_CODE)]


class SignIn(Form):
    """A request for a sign-in mail. Spaces around the address are removed."""

    email: Email = Field(examples=["maria@news.example"])
    return_to: Place | None = Field(default=None, description="Where the reader goes on afterwards.")
    locale: Language | None = Field(default=None, description="The language of the mail.")
    again: Tick = Field(default=False, description="A page's: who is signed in proves it anew.")


class Confirm(Form):
    """A confirmation: code or link from the browser that asked, both from any other."""

    code: Code | None = Field(default=None, description="Upper or lower case, with or without the dash.")
    token: Identifier | None = Field(default=None, description="The end of the mailed link.")
    remember: bool = Field(default=True, description="False: until the browser is closed, a day at most.")
    return_to: Place | None = None


class ConfirmPage(Form):
    """A confirmation from a page of ours, where a box that is not ticked sends nothing.

    `checkout`: whose thank-you page it was.
    """

    code: Code | None = None
    token: Identifier | None = None
    remember: Tick = False
    return_to: Place | None = None
    lang: Language | None = None
    checkout: Identifier | None = None


class FromMail(Form):
    """A press of the button behind a mail's link, and which page the mail was about."""

    return_to: Place | None = None
    lang: Language | None = Field(default=None, description="The language of our page.")


class SignOut(Query):
    """A request to sign out; with `everywhere` on all devices."""

    everywhere: bool = False


class SignOutForm(Form):
    """A request to sign out, by a button of the account page."""

    everywhere: Tick = False
    lang: Language | None = None
