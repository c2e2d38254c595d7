r"""Where a reader may be sent: a path of our own, or an address on one of the newsroom's origins. Nothing else.

Browsers read `//evil`, `/\evil`, tabs inside addresses and `user@host` in ways a naive check does not, so an address
passes only if it is plain.
"""

from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from chalicelib.domain.errors import BadInput

LONGEST = 500
_FORBIDDEN = frozenset('\\\x7f"<>`{}|^ ')


def safe_return(address: str, origins: Iterable[str], *, field: str = "return_to") -> str:
    """The address itself, if a reader may be sent there; absolute on a listed origin, or a path (`/about`).

    :raises BadInput: `bad_return_to` or `bad_source`, after the field.
    """
    if not address or not _plain(address) or not _allowed(address, tuple(origins)):
        raise BadInput("This address is not on the newsroom's website.", code=f"bad_{field}", field=field)
    return address


def _plain(address: str) -> bool:
    if len(address) > LONGEST or not address.isascii():
        return False
    # The second look is at what a careless decoder further down would see: %5c, %0d%0a.
    decoded = unquote(address, errors="replace")
    return not (_FORBIDDEN & set(address)) and not any(c < " " or c in "\\\x7f" for c in decoded)


def _allowed(address: str, origins: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(address)
        port_is_number = parts.port is None or parts.port >= 0
    except ValueError:
        return False
    if not parts.scheme and not parts.netloc:
        path = unquote(address.partition("?")[0])
        return path.startswith("/") and not path.startswith("//")
    return port_is_number and "@" not in parts.netloc and f"{parts.scheme}://{parts.netloc}".lower() in origins
