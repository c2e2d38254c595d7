"""The answer about a session, and the cookies that go with it."""

from collections.abc import Sequence
from typing import Any

from chalicelib.articles.rules.policy import AtLeast
from chalicelib.http import cookies
from chalicelib.http.call import Answer, Call, Cookie
from chalicelib.kernel.moments import when
from chalicelib.reading.actions.check_access import pass_for
from chalicelib.reading.actions.who_reads import Reader, who_reads
from chalicelib.reading.views.decisions import pass_cookies
from chalicelib.supporters.actions.sessions import OpenSession

_OURS = ("session", "pass", "checkout", "pending", "ask")


def session_answer(
    call: Call, signed_in: OpenSession | None, more: Sequence[Cookie] = (), *, anew: bool = False
) -> Answer:
    """Answer who is signed in, or what a payment opened in this browser, with a fresh pass.

    :param anew: the session has just begun.
    """
    wiring = call.wiring
    real_now, now = wiring.real_now(), wiring.now()
    reader = who_reads(
        signed_in,
        cookies.started(call, "checkout"),
        wiring.table,
        wiring.newsroom,
        needs=AtLeast(wiring.newsroom.tier_names[-1]),
        real_now=real_now,
        now=now,
    )
    call.hint.found(reader.holds_for, anew=anew)
    new_pass = pass_for(reader, wiring.settings, real_now=real_now, now=now)
    return Answer(_body(reader, new_pass), cookies=[*more, *pass_cookies(call, new_pass or "")])


def session_cookie(call: Call, secret: str, *, remember: bool) -> Cookie:
    """The session's cookie: for a year, or until the browser closes."""
    return cookies.write(call, "session", secret, cookies.SESSION_AGE if remember else None)


def signed_out(call: Call, *, everywhere: bool) -> list[Cookie]:
    """The removals of all cookies that open anything in this browser, also of what a payment opened.

    The `known` cookie is removed only with `everywhere`: until then it keeps strangers from using up the mails that
    its reader needs to come back.
    """
    return cookies.all_of(call, (*_OURS, "known") if everywhere else _OURS)


def _body(reader: Reader, new_pass: str | None) -> dict[str, Any]:
    held = {"tier": reader.tier, "until": when(reader.until), "pass": new_pass}
    if reader.supporter is not None:
        supports = reader.tier is not None or reader.gives is not None
        about = {"payment_failed": reader.viewer.payment_failed, "supports": supports}
        return {"signed_in": True, "sub": reader.supporter, **held, **about}
    return {"signed_in": False, **held} if new_pass else {"signed_in": False}
