"""Who is signed in here, and signing out."""

from chalicelib.actions import sessions
from chalicelib.web import cookies
from chalicelib.web.forms import SignOut
from chalicelib.web.forms.base import read_query
from chalicelib.web.http import Answer, Call
from chalicelib.web.signed_in import session_answer, signed_out


def show(call: Call) -> Answer:
    """`GET /v1/session`. A pass alone is not enough: it opens articles and says nothing about who somebody is."""
    return session_answer(call, cookies.read(call, "session"))


def end(call: Call) -> Answer:
    """`DELETE /v1/session`, with `?everywhere=true` on all devices."""
    everywhere = read_query(call, SignOut).everywhere
    secret, table = cookies.read(call, "session"), call.wiring.table
    signed_in = sessions.read_session(table, secret, call.wiring.real_now()) if everywhere else None
    if signed_in is not None:
        sessions.end_everywhere(table, signed_in.supporter)
    sessions.end_session(table, secret)
    return Answer({"signed_in": False}, cookies=signed_out(call, everywhere=everywhere))
