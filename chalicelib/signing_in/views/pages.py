"""The pages of signing in: for the address, for the code, and behind a mailed link."""

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.http.pages import Page


@dataclass(frozen=True)
class SignInPage(Page):
    """`GET /sign-in`: asks for the address; posts `email, return_to, locale` to `/v1/sign-in`.

    `signed_in_as`: the address of whoever is signed in here already. `forgotten`: a new code was asked for, and it is
    not known any more to which address. `again`: who is signed in is asked for a new code, before a step
    that needs it.
    """

    template = "sign_in"

    email: str = ""
    return_to: str = ""
    problem: str = ""
    signed_in_as: str = ""
    forgotten: bool = False
    again: bool = False


@dataclass(frozen=True)
class EnterCodePage(Page):
    """`GET /sign-in?sent=1`: asks for the code; posts `code, return_to, remember` to `/v1/sign-in/confirm`.

    `typed`: the code that was refused, to be corrected. `asked_here` False: this browser asked for none in the last
    hour, or sends no pending cookie. `code_over`: no code that it asked for works any more, so that a new one is
    offered instead of the field. `sent_again`: one was sent just now.
    """

    template = "enter_code"

    sent_to: str = ""
    return_to: str = ""
    remember: bool = True
    problem: str = ""
    typed: str = ""
    asked_here: bool = True
    code_over: bool = False
    sent_again: bool = False


@dataclass(frozen=True)
class FromMailPage(Page):
    """`GET /go/{token}`: a button that posts `return_to` to the same address; nothing about the mail's reader.

    `other`: somebody else is signed in here.
    """

    template = "from_mail"

    token: str
    return_to: str = ""
    other: bool = False
    problem: str = ""


class ConfirmState(StrEnum):
    """How a mailed link stands: opened in the browser that asked, opened in another one, or ended."""

    SAME_BROWSER = "same_browser"
    OTHER_BROWSER = "other_browser"
    ENDED = "ended"


@dataclass(frozen=True)
class ConfirmLinkPage(Page):
    """`GET /v1/sign-in/{token}`: a button that posts `token, return_to, remember`, in another browser `code` too.

    `sent_to`: of a link that has ended, the masked address to which the browser that asked can have a new one sent.
    """

    template = "confirm"

    token: str
    state: ConfirmState
    return_to: str = ""
    problem: str = ""
    typed: str = ""
    remember: bool = True
    sent_to: str = ""
