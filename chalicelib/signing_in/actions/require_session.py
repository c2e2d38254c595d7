"""Refuse whoever is not signed in."""

from chalicelib.kernel.errors import Unauthorized
from chalicelib.supporters.actions.sessions import OpenSession


def require_session(signed_in: OpenSession | None) -> OpenSession:
    """The session of who is signed in; a pass is not enough for anything personal.

    :raises Unauthorized: `not_signed_in`: nobody is.
    """
    if signed_in is None:
        raise Unauthorized("Please sign in first.", code="not_signed_in")
    return signed_in
