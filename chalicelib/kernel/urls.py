r"""Where a reader may be sent: a path of our own, or an address on one of the newsroom's origins. Nothing else.

An address on one of these origins is never a reason to turn a reader away: characters that a URL may not hold are
encoded, what is too long is shortened, and an address that leads nowhere is left out. An address of any other origin
is refused. Browsers read `//evil`, `/\evil`, tabs inside addresses and `user@host` in ways a naive check does not, so
the check is made on what `plain` answers, and only the query and the fragment may hold anything.
"""

import re
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from chalicelib.kernel.errors import BadInput
from chalicelib.kernel.plain_url import plain

LONGEST = 2000
LONGEST_KEPT = 500  # characters of an address in a record: Stripe's limit for a metadata value
_HALF_AN_ESCAPE = re.compile(r"%[0-9A-Fa-f]?\Z")
_ESCAPE, _BYTES_OF_A_LETTER = len("%D0"), 4


def safe_return(address: str, origins: Iterable[str]) -> str | None:
    """An address that a reader may be sent to: absolute on a listed origin, or a path (`/about`).

    None if there is none, or if it is of no use: too long, or with backslashes or controls in its path.

    :raises BadInput: `bad_return_to` for any other origin.
    """
    # An address that is too long still leads to its page without fragment or query; with half a path it does not.
    forms = _forms(_checked(address, origins, "return_to"))
    return next((form for form in forms if form and len(form) <= LONGEST), None)


def safe_source(address: str, origins: Iterable[str]) -> str | None:
    """The whole address of the page that a reader came from; it is read months later, in the books and at Stripe.

    None if there is none, or only a path, which names no page of the newsroom's.

    :raises BadInput: `bad_source` for a page of any other website.
    """
    found = _checked(address, origins, "source")
    return None if not found or found.startswith("/") else shortened(found, LONGEST)


def _checked(address: str, origins: Iterable[str], field: str) -> str:
    """The address percent-encoded; empty if its path cannot be used.

    :raises BadInput: `bad_<field>`: it is of another origin, or holds controls.
    """
    found = plain(address)
    if _has_controls(address) or not (not found or _allowed(found, tuple(origins))):
        raise BadInput("This address is not on the newsroom's website.", code=f"bad_{field}", field=field)
    return found if _plain_path(found) else ""


def shortened(address: str, most: int) -> str:
    """Shorten an address that `safe_return` answered to at most `most` characters, for a record; it stays valid.

    Its fragment is cut first, then its query, then the end of its path, never within an escape.
    """
    forms = _forms(address)
    fitting = next((form for form in forms if len(form) <= most), None)
    return fitting or _whole_letters(_HALF_AN_ESCAPE.sub("", forms[-1][:most]))


def _whole_letters(cut: str) -> str:
    """Remove the first bytes of a letter whose other bytes were cut off. What was no UTF-8 before stays as it is."""
    for escapes in range(_BYTES_OF_A_LETTER):
        whole = cut[: len(cut) - _ESCAPE * escapes]
        try:
            unquote(whole, errors="strict")
        except UnicodeDecodeError:
            continue
        return whole
    return cut


def _forms(address: str) -> tuple[str, str, str]:
    without_fragment = address.partition("#")[0]
    return address, without_fragment, without_fragment.partition("?")[0]


def _allowed(address: str, origins: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(address)
        port_is_number = parts.port is None or parts.port >= 0
    except ValueError:
        return False
    if not parts.scheme and not parts.netloc:
        path = unquote(_forms(address)[2])
        return path.startswith("/") and not path.startswith("//") and _plain_path(address)
    return port_is_number and "@" not in parts.netloc and f"{parts.scheme}://{parts.netloc}".lower() in origins


def _plain_path(address: str) -> bool:
    """Whether the decoded path is without backslashes and controls (%5c, %0d%0a), which others may misread."""
    path = unquote(_forms(address)[2], errors="replace")
    return "\\" not in path and not _has_controls(path)


def _has_controls(text: str) -> bool:
    return any(character < " " or character == "\x7f" for character in text)
