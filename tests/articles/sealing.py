"""What whoever holds a sealed file and a key does with them, written anew from the contract and not from our code."""

import base64
import hashlib
import hmac
import json
import re
import zlib
from functools import lru_cache
from typing import Any

from Cryptodome.Cipher import AES

# Whatever may be a key: 32 bytes as base64url, wherever they stand.
KEY = re.compile(r"(?=([A-Za-z0-9_-]{43}))")


def expand(root: bytes, info: bytes, length: int) -> bytes:
    """HKDF-Expand as RFC 5869 has it in 2.3, block by block."""
    made, block, count = b"", b"", 0
    while len(made) < length:
        count += 1
        block = hmac.new(root, block + info + bytes([count]), hashlib.sha256).digest()
        made += block
    return made[:length]


def b64(raw: bytes) -> str:
    """Base64url without padding."""
    return base64.b64encode(raw, altchars=b"-_").decode().rstrip("=")


@lru_cache(maxsize=100_000)  # who tries everything that looks like a key tries most of it again and again
def unsealed(file: str, key: str) -> str | None:
    """The text of a sealed file, if this key opens it; else None."""
    line, _, rest = file.partition("\n")
    try:
        raw, secret = base64.b64decode(rest, validate=True), base64.urlsafe_b64decode(key + "=")
        iv = base64.urlsafe_b64decode(header(file)["iv"])
        cipher = AES.new(secret, AES.MODE_GCM, nonce=iv)
        cipher.update(line.encode())
        packed = cipher.decrypt_and_verify(raw[:-16], raw[-16:])
    except (ValueError, KeyError, TypeError):
        return None
    return zlib.decompress(packed).decode()


def header(file: str) -> dict[str, Any]:
    """The first line of a sealed file."""
    found: dict[str, Any] = json.loads(file.partition("\n")[0])
    return found


def keys_in(*texts: str) -> set[str]:
    """Everything in these texts that has the shape of a key, wherever it begins."""
    return {found[1] for text in texts for found in KEY.finditer(text)}
