"""The hint: a cookie that tells the scripts on the newsroom's pages whether this browser has something to ask.

A wall without it takes the reader for a stranger, and asks nothing that is not public. The hint decides nothing on
the server: it is set and removed by what a call found out, and never read for anything else.
"""

from chalicelib.http import cookies, mark_cookies
from chalicelib.http.call import Call, Cookie
from chalicelib.http.cookies import ASKED_AGE, CHECKOUT_AGE, YES
from chalicelib.http.device import kind_of
from chalicelib.supporters.actions.sessions import OpenSession, cookie_life, read_session


def to_set(call: Call) -> list[Cookie]:
    """The hint's cookie, where what this call found differs from what the browser has."""
    hint, sent = call.hint, cookies.read(call, "ask")
    if hint.seconds or hint.until_closed:
        return [cookies.write(call, "ask", YES, hint.seconds or None)] if sent != YES or hint.anew else []
    # What a gift link opened is looked up by the article's own call alone; its hint ends with it.
    return [cookies.forget(call, "ask")] if sent and not mark_cookies.any_gift(call) else []


def asked(call: Call) -> list[Cookie]:
    """The mark that this browser asked for an article and held nothing, for which a wall asks once without a hint."""
    nothing = call.hint.searched and not (call.hint.seconds or call.hint.until_closed)
    return [cookies.write(call, "asked", YES, ASKED_AGE)] if nothing and cookies.read(call, "asked") != YES else []


def session_of(call: Call, *, anew: bool = False) -> OpenSession | None:
    """Who is signed in in this browser, noted for the hint.

    :param anew: the browser asks because its hint may be gone.
    """
    now, checkout = call.wiring.real_now(), cookies.started(call, "checkout")
    signed_in = read_session(call.wiring.table, cookies.read(call, "session"), now, kind_of(call))
    # A checkout of this browser is not looked up here, and may be something to ask for, too.
    lasts = CHECKOUT_AGE if checkout and checkout.ids else 0
    if signed_in is not None:
        call.hint.found(cookie_life(signed_in.session, now), anew=anew)
    if signed_in is not None or not lasts:
        call.hint.found(lasts)
    return signed_in
