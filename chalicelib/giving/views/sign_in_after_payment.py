"""Sign-in after payment: a code is mailed to the giver when the browser that started the checkout comes back.

Paying itself signs nobody in. But nobody should have to type an address again that they gave a minute ago.
"""

from chalicelib.checkouts.rows import checkouts
from chalicelib.checkouts.rows.checkouts import Checkout
from chalicelib.http import cookies
from chalicelib.http.call import Call, Cookie
from chalicelib.http.hint import session_of
from chalicelib.kernel import email_address
from chalicelib.kernel.email_address import EmailAddress
from chalicelib.mail.port import MailUnavailable
from chalicelib.observing.log import log
from chalicelib.signing_in.actions.ask import SignInRequest, ask_sign_in
from chalicelib.signing_in.views.sign_in import mailed
from chalicelib.supporters.actions.sessions import OpenSession
from chalicelib.supporters.rows import supporters


def started_here(call: Call, checkout: Checkout) -> bool:
    """Whether this browser started the checkout."""
    browser = cookies.started(call, "checkout")
    return browser is not None and browser.fingerprint() == checkout.browser


def signed_in_here(call: Call, checkout: Checkout) -> OpenSession | None:
    """The session of whoever is signed in here; looked up only for a paid checkout, where it was started."""
    if checkout.status != "paid" or not started_here(call, checkout):
        return None
    return session_of(call)


def giver_of(checkout: Checkout, session: OpenSession | None) -> OpenSession | None:
    """The session, if it is that of the gift's own supporter."""
    return session if session and session.supporter == checkout.supporter else None


def mail_sign_in_code(call: Call, checkout: Checkout, giver: OpenSession | None) -> list[Cookie]:
    """Mail a code to the giver, once per checkout; answers the pending cookie for this browser.

    :param giver: from `giver_of`; a giver who is signed in needs no code.
    """
    wiring = call.wiring
    if (
        call.method == "HEAD"
        or checkout.status != "paid"
        or checkout.supporter is None
        or not started_here(call, checkout)
    ):
        return []
    if giver is not None or not checkouts.greet_once(wiring.table, checkout):
        return []
    address = _address(call, checkout)
    if address is None:
        return []
    asking = SignInRequest(address, checkout.language, checkout.return_to, cookies.started(call, "pending"))
    try:
        pending = ask_sign_in(asking, wiring.mail_sender, now=wiring.real_now())
    except MailUnavailable as error:
        # The page has a form to ask for another; a failed mail must not keep it from thanking.
        log.warning("mail not sent", kind="sign_in", trouble=error)
        checkouts.greet_again(wiring.table, checkout)
        return []
    return [cookies.write(call, "pending", pending.value(), cookies.PENDING_AGE)]


def mail_code_again(call: Call, checkout: Checkout, lang: str) -> list[Cookie]:
    """Mail another code to the giver, who asked for it in the browser that paid; answers its pending cookie.

    Unlike the first, which nobody can cause for free, it counts against the limits of any other sign-in mail.
    """
    if (
        checkout.status != "paid"
        or not started_here(call, checkout)
        or giver_of(checkout, signed_in_here(call, checkout))
    ):
        return []
    address = _address(call, checkout)
    return [mailed(call, address, lang, checkout.return_to)] if address else []


def _address(call: Call, checkout: Checkout) -> EmailAddress | None:
    """The giver's address, if mail can reach it."""
    profile = supporters.read_profile(call.wiring.table, checkout.supporter) if checkout.supporter else None
    return email_address.usable(profile.email) if profile else None
