"""HTTP as a stranger: no cookies, no credentials, no redirects followed unasked, a bounded answer."""

import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import requests

AGENT = "spilno-doctor/1 (checks its own newsroom)"
_TIMEOUT = (3, 8)  # seconds to connect and between two bytes
_WHOLE = 20  # seconds for all of an answer
_GZIP = b"\x1f\x8b"
LARGEST = 3 * 1024 * 1024  # bytes of a body that are read


@dataclass(frozen=True)
class Reply:
    """One answer; header names are lower case, the body is decoded as far as it goes."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str = ""

    @property
    def media_type(self) -> str:
        """`text/html`, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def header(self, name: str) -> str:
        """A header's value, or an empty string."""
        return self.headers.get(name.lower(), "")


def fetch(
    url: str, *, method: str = "GET", headers: Mapping[str, str] | None = None, body: str | None = None
) -> Reply:
    """Ask once.

    :raises requests.RequestException: no answer, or one that does not end.
    """
    with requests.Session() as session:
        session.auth = _no_auth  # else a .netrc of whoever runs this would be sent along
        asked = {"User-Agent": AGENT, **(headers or {})}
        data = body.encode() if body is not None else None
        with session.request(
            method, url, headers=asked, data=data, timeout=_TIMEOUT, allow_redirects=False, stream=True
        ) as answer:
            return Reply(
                answer.status_code,
                {name.lower(): value for name, value in answer.headers.items()},
                _text(answer),
            )


def _no_auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _unpacked(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(packed, LARGEST)
    except zlib.error:
        return b""


def _text(answer: requests.Response) -> str:
    read, ends = bytearray(), time.monotonic() + _WHOLE
    for chunk in answer.iter_content(64 * 1024):
        read += chunk
        if len(read) >= LARGEST:
            break
        if time.monotonic() > ends:
            raise requests.Timeout(request=answer.request)
    if read[:2] == _GZIP:  # a file that is packed (sitemap.xml.gz), beside what the server packs on the way
        read = bytearray(_unpacked(bytes(read)))
    # Without a charset requests guesses Latin-1 for text; everything that we look at is UTF-8 unless it says so.
    charset = answer.encoding if "charset" in answer.headers.get("Content-Type", "").lower() else "utf-8"
    try:
        return bytes(read[:LARGEST]).decode(charset or "utf-8", "replace")
    except LookupError:
        return bytes(read[:LARGEST]).decode("utf-8", "replace")
