"""How the checkout of a call's path stands."""

from chalicelib.actions.assemble import deps_of, postman_of
from chalicelib.actions.come_back import Looked, look
from chalicelib.domain.errors import NotFound
from chalicelib.store import checkouts
from chalicelib.web.http import Call
from chalicelib.web.welcome import looker


def looked(call: Call, session_id: str) -> Looked:
    """What Stripe says now, applied at once. HEAD, which mail scanners send, asks nobody and changes nothing.

    :raises NotFound: `unknown_checkout`.
    """
    wiring = call.wiring
    if call.method != "HEAD":
        return look(
            session_id,
            looker(call),
            deps_of(wiring),
            postman_of(wiring),
            now=wiring.now(),
            real_now=wiring.real_now(),
        )
    row = checkouts.read(wiring.table, session_id)
    if row is None:
        raise NotFound("We do not know this checkout.", code="unknown_checkout")
    return Looked(row, asked=True)
