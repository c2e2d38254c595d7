"""Who is signed in here, and signing out."""

from chalicelib.http import cookies
from chalicelib.http.call import Answer, Call
from chalicelib.http.forms import read_query
from chalicelib.signing_in.views.forms import SignOut
from chalicelib.signing_in.views.session_answers import session_answer, signed_out
from chalicelib.supporters.actions import sessions


def show(call: Call) -> Answer:
    """`GET /v1/session`: who is signed in here. A pass is not enough: it opens articles and identifies nobody."""
    secret = cookies.read(call, "session")
    signed_in = sessions.read_session(call.wiring.table, secret, call.wiring.real_now())
    over = [cookies.forget(call, "session")] if secret and signed_in is None else []
    return session_answer(call, signed_in, over)


def end(call: Call) -> Answer:
    """`DELETE /v1/session`: sign out, with `?everywhere=true` on all devices."""
    everywhere = read_query(call, SignOut).everywhere
    secret, table = cookies.read(call, "session"), call.wiring.table
    signed_in = sessions.read_session(table, secret, call.wiring.real_now()) if everywhere else None
    if signed_in is not None:
        sessions.end_everywhere(table, signed_in.supporter)
    sessions.end_session(table, secret)
    return Answer({"signed_in": False}, cookies=signed_out(call, everywhere=everywhere))
