"""What the pages of a supporter's own house share: who is signed in, its own address, the limit of Stripe's pages."""

from collections.abc import Mapping
from urllib.parse import urlencode

from chalicelib.http.call import Answer, Call
from chalicelib.http.hint import session_of
from chalicelib.kernel.client_limits import check_rate
from chalicelib.signing_in.views.sign_in_first import sign_in_first
from chalicelib.supporters.actions.sessions import OpenSession

_PORTALS = 20  # of one supporter in ten minutes


def signed_in_here(call: Call, path: str) -> OpenSession | Answer:
    """Who is signed in; else the way to the sign-in page, and back to `path` with all that was asked."""
    signed_in = session_of(call)
    if signed_in is not None:
        return signed_in
    return sign_in_first(call, _with_query(path, call.query))


def address(call: Call, path: str, **query: str) -> str:
    """The whole address of a page of ours; empty parts of the query are left out."""
    return call.wiring.settings.public_url + _with_query(path, query)


def _with_query(path: str, query: Mapping[str, str]) -> str:
    written = urlencode({name: value for name, value in query.items() if value})
    return f"{path}?{written}" if written else path


def check_portal_rate(call: Call, signed_in: OpenSession) -> None:
    """Count an opening of a page of Stripe's: each asks Stripe, whose rate limit all calls share.

    :raises RateLimited: `too_many_portals`.
    """
    key, now = call.wiring.secrets["SPILNO_EMAIL_KEY"], call.wiring.real_now()
    check_rate(call.wiring.table, "portals", signed_in.supporter, limit=_PORTALS, key=key, now=now)
