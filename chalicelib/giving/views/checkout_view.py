"""The checkout that a call's path names, brought up to date."""

from chalicelib.checkouts.rows import checkouts
from chalicelib.giving.actions.return_from_checkout import CheckoutView, CheckoutViewer, refresh_checkout
from chalicelib.http import cookies
from chalicelib.http.call import Call
from chalicelib.kernel.errors import NotFound


def view_checkout(call: Call, session_id: str) -> CheckoutView:
    """Apply what Stripe says now, and answer the checkout. HEAD, which mail scanners send, asks and changes nothing.

    :raises NotFound: `unknown_checkout`.
    """
    wiring = call.wiring
    if call.method != "HEAD":
        return refresh_checkout(
            session_id,
            _viewer(call),
            wiring.stripe_deps,
            wiring.mail_sender,
            now=wiring.now(),
            real_now=wiring.real_now(),
        )
    row = checkouts.read(wiring.table, session_id)
    if row is None:
        raise NotFound("We do not know this checkout.", code="unknown_checkout")
    return CheckoutView(row, asked=True)


def _viewer(call: Call) -> CheckoutViewer:
    browser = cookies.started(call, "checkout")
    return CheckoutViewer(browser.fingerprint() if browser else "", call.client)
