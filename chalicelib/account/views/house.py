"""What the pages of a supporter's own house share: who is signed in, which gift a page is about, its own address."""

from urllib.parse import urlencode

from chalicelib.http import page_answers
from chalicelib.http.call import Answer, Call, see_other
from chalicelib.http.hint import session_of
from chalicelib.kernel.errors import NotFound
from chalicelib.supporters.actions.sessions import OpenSession
from chalicelib.supporters.rules.access import RecurringGift


def signed_in_here(call: Call, path: str) -> OpenSession | Answer:
    """Who is signed in; else the way to the sign-in page, and back to `path` with all that was asked."""
    signed_in = session_of(call)
    if signed_in is not None:
        return signed_in
    query = urlencode({"return_to": address(call, path), "lang": page_answers.language_of(call)})
    return see_other(f"{call.wiring.settings.public_url}/sign-in?{query}")


def address(call: Call, path: str, **instead: str) -> str:
    """The whole address of a page, with the query of this call, or another one."""
    query = urlencode({name: value for name, value in (instead or call.query).items() if value})
    return f"{call.wiring.settings.public_url}{path}" + (f"?{query}" if query else "")


def own_gift(signed_in: OpenSession, gift_id: str) -> RecurringGift:
    """A supporter's own recurring gift, as it is stored.

    :raises NotFound: `unknown_gift`: there is none, or it is somebody else's.
    """
    gift = next((one for one in signed_in.state.standing.recurring if one.id == gift_id), None)
    if gift is None:
        raise NotFound("We do not know this support.", code="unknown_gift")
    return gift
