"""Where a reader goes on: checked on the way in, absolute on the way out."""

from chalicelib.http import origins
from chalicelib.http.call import Call
from chalicelib.kernel.errors import BadInput
from chalicelib.kernel.urls import LONGEST_KEPT, safe_return, safe_source, shortened


def checked(call: Call, return_to: str | None) -> str | None:
    """The address as a reader may be sent there; None if there is none to use.

    :raises BadInput: `bad_return_to`.
    """
    return safe_return(return_to, origins.returnable(call.wiring.settings)) if return_to else None


def lenient(call: Call, return_to: str | None) -> str:
    """The address for a page that a link opened, or nothing: a wrong one is left out, not refused."""
    try:
        return checked(call, return_to) or ""
    except BadInput:
        return ""


def lenient_source(call: Call, source: str) -> str:
    """Where a reader came from, for a page that a link opened, or nothing; no longer than Stripe keeps it.

    The page has it in its links, in which every escape is escaped once more.
    """
    try:
        return shortened(safe_source(source, origins.returnable(call.wiring.settings)) or "", LONGEST_KEPT)
    except BadInput:
        return ""


def absolute(call: Call, address: str | None, otherwise: str) -> str:
    """A whole address; a path is one of ours, below the API's public base."""
    chosen = address or otherwise
    return f"{call.wiring.settings.public_url}{chosen}" if chosen.startswith("/") else chosen
