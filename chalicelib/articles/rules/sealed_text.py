"""Sealed texts: the version, the key and the ticket of one, derived from a root key and nothing that is stored.

    version = kid "." x(18)    of the article, what its readers must hold, and the very bytes that are encrypted
    key     = x(32)            of the article, the version, and what its readers must hold
    ticket  = exp "." x(18)    the same, and until when: this version is current, and this is what it asks for

x(n) is the first n bytes of HKDF-Expand (RFC 5869, 2.3) with SHA-256, as base64url. Each part is checked by its
pattern before it goes in, or two that are split differently would be one. A key opens the file of the same article,
version and needs only; whoever claims less than the text is sealed for gets a key that opens nothing. The ticket is
public, and opens nothing by itself: with it a valid pass opens without a table, and a text that was raised, corrected
or deleted may stay open as long as it lives. Why, and what was tried: decision 0084.
"""

import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Sequence

from chalicelib.kernel.ids import IDENTIFIER
from chalicelib.kernel.moments import RealTime

TICKET_LIFE = 600  # seconds
_MINUTE = 60

Root = tuple[str, bytes]  # its name (kid), and the ASCII text of the key
Roots = Sequence[Root]

KID = re.compile(r"[A-Za-z0-9_-]{1,16}")
# 18 bytes are 24 characters without a rest: of 16, the last would have bits that nothing says, and a text cut to
# length would differ from bytes cut to length.
_PROOF = r"[A-Za-z0-9_-]{24}"
VERSION = re.compile(rf"{KID.pattern}\.{_PROOF}")
NEEDS = re.compile(rf"members|tier:{IDENTIFIER.pattern}")
_TICKET = re.compile(rf"([1-9][0-9]{{9}})\.{_PROOF}")


def version(article: str, needs: str, body: bytes, root: Root) -> str:
    """The version of a text: `body` is what is stored, byte for byte, and `needs` what its readers must hold.

    Keyed, as a bare hash would let anybody confirm a text that they guess.

    :raises ValueError: an article's identifier or needs that are none.
    """
    if not (IDENTIFIER.fullmatch(article) and NEEDS.fullmatch(needs)):
        raise ValueError("No text is sealed under such names.")
    proof = _expanded(root, f"spl1-version\n{article}\n{needs}\n".encode() + body)
    return f"{root[0]}.{_text(proof[:18])}"


def key(article: str, version: str, needs: str, roots: Roots) -> str | None:
    """The key of the file of this article, version and needs; None where no root is of the version's name.

    Whether there is such a file is not asked: the key of one that never was opens nothing.
    """
    raw = key_bytes(article, version, needs, roots)
    return None if raw is None else _text(raw)


def key_bytes(article: str, version: str, needs: str, roots: Roots) -> bytes | None:
    """The same as its 32 bytes."""
    root = _root_of(article, version, needs, roots)
    return None if root is None else _expanded(root, f"spl1-key\n{article}\n{version}\n{needs}".encode())


def ticket(article: str, version: str, needs: str, roots: Roots, now: RealTime) -> str | None:
    """A ticket for the next ten minutes, the same from all processes in the same minute; None as for `key`."""
    root = _root_of(article, version, needs, roots)
    exp = now - now % _MINUTE + TICKET_LIFE
    return None if root is None else _ticket(article, version, needs, root, exp)


def check_ticket(
    presented: str, article: str, version: str, needs: str, roots: Roots, now: RealTime, *, over_for: int = 0
) -> bool:
    """Whether a ticket is ours, for exactly these, and not over, or for less than `over_for` seconds."""
    root, shape = _root_of(article, version, needs, roots), _TICKET.fullmatch(presented)
    if root is None or shape is None:
        return False
    exp = int(shape[1])
    # We make none that lives longer: one of a clock that was wrong must not open for years.
    if not now - over_for < exp <= now + TICKET_LIFE:
        return False
    return hmac.compare_digest(presented, _ticket(article, version, needs, root, exp))


def mark(root: Root) -> str:
    """Tells one root from another, also where both have one name; says nothing of either."""
    return _text(_expanded(root, b"spl1-mark")[:6])


def _ticket(article: str, version: str, needs: str, root: Root, exp: int) -> str:
    proof = _expanded(root, f"spl1-ticket\n{article}\n{version}\n{needs}\n{exp}".encode())
    return f"{exp}.{_text(proof[:18])}"


def root_of(version: str, roots: Roots) -> Root | None:
    """The root that a version names; None where it is no version, or of a root that we do not have."""
    if not VERSION.fullmatch(version):
        return None
    kid = version.partition(".")[0]
    return next((root for root in roots if root[0] == kid), None)


def _root_of(article: str, version: str, needs: str, roots: Roots) -> Root | None:
    """The same, if all three parts are what they must be."""
    return root_of(version, roots) if IDENTIFIER.fullmatch(article) and NEEDS.fullmatch(needs) else None


def _expanded(root: Root, info: bytes) -> bytes:
    """HKDF-Expand: at most 32 bytes of it, which are its first block. The root is the pseudorandom key."""
    return hmac.digest(root[1], info + b"\x01", "sha256")


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
