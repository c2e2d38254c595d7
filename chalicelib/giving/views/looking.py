"""How the checkout of a call's path stands."""

from chalicelib.checkouts.rows import checkouts
from chalicelib.giving.actions.return_from_checkout import Looked, Looker, look
from chalicelib.http import cookies
from chalicelib.http.call import Call
from chalicelib.kernel.errors import NotFound


def looked(call: Call, session_id: str) -> Looked:
    """What Stripe says now, applied at once. HEAD, which mail scanners send, asks nobody and changes nothing.

    :raises NotFound: `unknown_checkout`.
    """
    wiring = call.wiring
    if call.method != "HEAD":
        return look(
            session_id,
            _looker(call),
            wiring.stripe_deps,
            wiring.mail_sender,
            now=wiring.now(),
            real_now=wiring.real_now(),
        )
    row = checkouts.read(wiring.table, session_id)
    if row is None:
        raise NotFound("We do not know this checkout.", code="unknown_checkout")
    return Looked(row, asked=True)


def _looker(call: Call) -> Looker:
    browser = cookies.started(call, "checkout")
    return Looker(browser.fingerprint() if browser else "", call.client)
