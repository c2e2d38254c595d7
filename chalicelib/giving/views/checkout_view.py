"""The checkout that a call's path names, brought up to date."""

from chalicelib.checkouts.rows import checkouts
from chalicelib.giving.actions.return_from_checkout import CheckoutView, CheckoutViewer, refresh_checkout
from chalicelib.http import cookies
from chalicelib.http.call import Call
from chalicelib.kernel.errors import NotFound
from chalicelib.reading.actions.who_reads import opens_for


def view_checkout(call: Call, session_id: str, *, anew: bool = False) -> CheckoutView:
    """Apply what Stripe says now, and answer the checkout. HEAD, which mail scanners send, asks and changes nothing.

    :param anew: this browser comes straight from paying.
    :raises NotFound: `unknown_checkout`.
    """
    view = _view(call, session_id)
    browser = cookies.started(call, "checkout")
    if browser is not None and browser.fingerprint() == view.checkout.browser:
        call.hint.found(opens_for(view.checkout, call.wiring.real_now()), anew=anew)
    return view


def _view(call: Call, session_id: str) -> CheckoutView:
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
