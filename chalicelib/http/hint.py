"""The hint: a cookie that tells the scripts on the newsroom's pages whether this browser has something to ask.

A wall without it takes the reader for a stranger, and asks nothing that is not public. The hint decides nothing on
the server: it is set and removed by what a call found out, and never read for anything else.
"""

from chalicelib.http import cookies, mark_cookies
from chalicelib.http.call import Call, Cookie
from chalicelib.http.cookies import ASKED_AGE, CHECKOUT_AGE, GIFT, YES
from chalicelib.http.device import kind_of
from chalicelib.supporters.actions.sessions import OpenSession, cookie_life, read_session


def to_set(call: Call) -> list[Cookie]:
    """The hint's cookie, where what this call found differs from what the browser has."""
    hint, sent = call.hint, cookies.read(call, "ask")
    if hint.seconds or hint.until_closed:
        return [cookies.write(call, "ask", YES, hint.seconds or None)] if sent != YES or hint.anew else []
    # A wall asks for who was given an article, too; a masthead takes them for the strangers that they are.
    if hint.given:
        return [cookies.write(call, "ask", GIFT, hint.given)] if sent != GIFT else []
    if not sent:
        return []
    # Only an article's own call looks up what a link opened, so here its mark is believed. Whose session is over
    # keeps such a hint until the browser closes, as how long the link lives is not known here.
    if mark_cookies.any_gift(call):
        return [cookies.write(call, "ask", GIFT, None)] if sent != GIFT else []
    return [cookies.forget(call, "ask")]


def asked(call: Call) -> list[Cookie]:
    """The mark that this browser asked for an article and held nothing, for which a wall asks once without a hint."""
    hint = call.hint
    nothing = hint.searched and not (hint.seconds or hint.until_closed or hint.given)
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
