"""Seal keys, versions and tickets derived a second time, from the written format alone, beside the app's own rules.

HMAC is written out from hashlib (RFC 2104), so that not even that is shared. `docs/edge.md` describes the format.
"""

import hashlib
from base64 import urlsafe_b64encode

_BLOCK = 64


def hmac_sha256(key: bytes, message: bytes) -> bytes:
    """HMAC-SHA-256 as RFC 2104 writes it."""
    padded = (hashlib.sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded) + message).digest()
    return hashlib.sha256(bytes(byte ^ 0x5C for byte in padded) + inner).digest()


def b64url(raw: bytes) -> str:
    """base64url without padding."""
    return urlsafe_b64encode(raw).decode().rstrip("=")


def expanded(root: str, info: bytes) -> bytes:
    """The first block of HKDF-Expand (RFC 5869, 2.3), with the root's text as the pseudorandom key."""
    return hmac_sha256(root.encode("ascii"), info + b"\x01")


def version(article: str, needs: str, body: bytes, kid: str, root: str) -> str:
    """The version of a stored text, sealed for `needs`."""
    info = f"spl1-version\n{article}\n{needs}\n".encode() + body
    return f"{kid}.{b64url(expanded(root, info)[:18])}"


def key(article: str, version_: str, needs: str, root: str) -> str:
    """The key that opens it."""
    return b64url(expanded(root, f"spl1-key\n{article}\n{version_}\n{needs}".encode()))


def ticket(article: str, version_: str, needs: str, exp: int, root: str) -> str:
    """The manifest's ticket, which lasts until `exp`."""
    made = expanded(root, f"spl1-ticket\n{article}\n{version_}\n{needs}\n{exp}".encode())
    return f"{exp}.{b64url(made[:18])}"


def signed(head: str, claims: str, key_: str) -> str:
    """A JWT of exactly these texts (RFC 7515)."""
    parts = f"{b64url(head.encode())}.{b64url(claims.encode())}"
    return f"{parts}.{b64url(hmac_sha256(key_.encode(), parts.encode()))}"
