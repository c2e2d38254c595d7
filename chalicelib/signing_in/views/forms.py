"""What a website or a page sends to sign a reader in, to sign them out, and to open Stripe's portal."""

from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints

from chalicelib.http.forms import Email, Form, Identifier, Language, Place, Query
from chalicelib.signing_in.rules.typed_code import LONGEST_CODE

# As people type and paste it, the whole line of the mail too (`signing_in/rules/typed_code.py`). What is longer is
# refused before anybody counts a guess.
Code = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_CODE)]


def _ticked(value: object) -> object:
    return value if isinstance(value, bool) else value in ("true", "on", "1")


# A page's checkbox sends a word, or nothing at all.
Tick = Annotated[bool, BeforeValidator(_ticked)]


class SignIn(Form):
    """An address that wants to sign in. Browsers and people add spaces around it."""

    email: Email = Field(examples=["maria@news.example"])
    return_to: Place | None = Field(default=None, description="Where the reader goes on afterwards.")
    locale: Language | None = Field(default=None, description="The language of the mail.")


class Confirm(Form):
    """A code or a link from the browser that asked; both from any other."""

    code: Code | None = Field(default=None, description="Upper or lower case, with or without the dash.")
    token: Identifier | None = Field(default=None, description="The end of the mailed link.")
    remember: bool = Field(default=True, description="False: until the browser is closed, a day at most.")
    return_to: Place | None = None


class ConfirmPage(Form):
    """The same from a page of ours, where a box that is not ticked sends nothing.

    `checkout`: whose thank-you page it was.
    """

    code: Code | None = None
    token: Identifier | None = None
    remember: Tick = False
    return_to: Place | None = None
    lang: Language | None = None
    checkout: Identifier | None = None


class Portal(Form):
    """Where Stripe's portal leads back to."""

    return_to: Place | None = None
    subscription: Identifier | None = Field(default=None, description="The recurring gift to change or stop.")
    lang: Language | None = Field(default=None, description="The language of our pages.")


class SignOut(Query):
    """With `everywhere` on all devices."""

    everywhere: bool = False


class SignOutForm(Form):
    """The account page's buttons."""

    everywhere: Tick = False
    lang: Language | None = None
