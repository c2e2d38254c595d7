"""What the pages of a supporter's own house share: who is signed in, which gift a page is about, its own address."""

from collections.abc import Mapping
from urllib.parse import urlencode

from chalicelib.http.call import Answer, Call
from chalicelib.http.hint import session_of
from chalicelib.kernel.errors import NotFound
from chalicelib.signing_in.views.sign_in_first import sign_in_first
from chalicelib.supporters.actions.sessions import OpenSession
from chalicelib.supporters.rules.access import RecurringGift


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


def own_gift(signed_in: OpenSession, gift_id: str) -> RecurringGift:
    """A supporter's own recurring gift, as it is stored.

    :raises NotFound: `unknown_gift`: there is none, or it is somebody else's.
    """
    gift = next((one for one in signed_in.state.standing.recurring if one.id == gift_id), None)
    if gift is None:
        raise NotFound("We do not know this support.", code="unknown_gift")
    return gift
