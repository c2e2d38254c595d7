"""Ask for a fresh sign-in before what a borrowed browser, or a script of the website, must not do alone."""

from chalicelib.kernel.errors import Forbidden
from chalicelib.kernel.moments import RealTime
from chalicelib.supporters.actions.sessions import OpenSession

RECENT = 600  # seconds since the code was entered


def is_recent(signed_in: OpenSession, now: RealTime) -> bool:
    """Whether somebody proved the address in this browser within the last ten minutes."""
    return now - signed_in.session.signed_in_at < RECENT


def require_recent(signed_in: OpenSession, now: RealTime) -> None:
    """Refuse a session whose sign-in is older than ten minutes.

    :raises Forbidden: `sign_in_again`; a page leads through a new code and back (`signing_in/views/step_up.py`).
    """
    if not is_recent(signed_in, now):
        raise Forbidden("Please confirm with a new code that it is you.", code="sign_in_again")
