"""Return URLs: checked when they come in, made absolute when a reader is sent there."""

from chalicelib.http import origins
from chalicelib.http.call import Call
from chalicelib.kernel.errors import BadInput
from chalicelib.kernel.urls import LONGEST_KEPT, safe_return, safe_source, shortened


def checked(call: Call, return_to: str | None) -> str | None:
    """The return URL, once it is checked that a reader may be sent there; None if none was given.

    :raises BadInput: `bad_return_to`: a reader may not be sent there.
    """
    return safe_return(return_to, origins.returnable(call.wiring.settings)) if return_to else None


def lenient(call: Call, return_to: str | None) -> str:
    """The return URL for a page that a link opened, or an empty string: a wrong one is left out, not refused."""
    try:
        return checked(call, return_to) or ""
    except BadInput:
        return ""


def lenient_source(call: Call, source: str) -> str:
    """The source of a page that a link opened, or an empty string; no longer than Stripe stores it.

    The page puts it into its own links, where every escape is escaped once more.
    """
    try:
        return shortened(safe_source(source, origins.returnable(call.wiring.settings)) or "", LONGEST_KEPT)
    except BadInput:
        return ""


def absolute(call: Call, address: str | None, otherwise: str) -> str:
    """`address` as a whole URL, `otherwise` if it is empty; a path is one of ours, below the API's public base."""
    chosen = address or otherwise
    return f"{call.wiring.settings.public_url}{chosen}" if chosen.startswith("/") else chosen
