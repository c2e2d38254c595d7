"""Sealed text as the fake API hands it out: manifest, file and key, written anew from the contract."""

import json
import time
import zlib
from base64 import b64encode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from Cryptodome.Cipher import AES

PROOF = "A" * 24
NEVER_OPENS = "B" * 43  # 32 bytes that are nobody's key


def b64url(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def key_of(article: str, version: str, needs: str = "members") -> bytes:
    """The key of a version: any function of the three does here."""
    return sha256(f"{article}\n{version}\n{needs}".encode()).digest()


def file_of(
    article: str, version: str, text: str, key: bytes | None = None, needs: str = "members", **header: object
) -> str:
    """A sealed file; `header` overrules what its first line says."""
    said = {
        "spl": 1,
        "article": article,
        "version": version,
        "needs": needs,
        "alg": "A256GCM",
        "zip": "deflate",
        "iv": b64url(sha256(text.encode()).digest()[:12]),
        **header,
    }
    line = json.dumps(said, separators=(",", ":"), ensure_ascii=False)
    cipher = AES.new(key or key_of(article, version, needs), AES.MODE_GCM, nonce=sha256(text.encode()).digest()[:12])
    cipher.update(line.encode())
    sealed, tag = cipher.encrypt_and_digest(zlib.compress(text.encode()))
    return f"{line}\n{b64encode(sealed + tag).decode()}"


@dataclass
class FakeSeal:
    """What the API seals: a text in its present version. `fast`: a pass and a ticket are enough for the key."""

    text: str
    version: int = 1
    open_to_all: bool = False
    fast: bool = False
    ticket_lasts: int = 600

    @property
    def name(self) -> str:
        """The version as the API writes it."""
        return f"k1.{str(self.version).rjust(24, 'v')}"

    def manifest(self, api: str, article: str, asks: dict[str, Any]) -> dict[str, Any]:
        """What `GET /seal` and the answer to `PUT` say."""
        key = {"key": b64url(key_of(article, self.name))}
        ticket = {"ticket": f"{int(time.time()) + self.ticket_lasts}.{PROOF}"}
        return {
            **asks,
            "version": self.name,
            "needs": "members",
            "sealed": f"{api}/v1/articles/{article}/sealed/{self.name}",
            **(key if self.open_to_all else ticket),
        }
