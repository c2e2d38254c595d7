"""HTTP without identity: no cookies, no credentials, no redirects followed, answers of bounded size and time."""

import codecs
import re
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import requests
from urllib3.exceptions import HTTPError

AGENT = "spilno-doctor/1 (checks its own newsroom)"
_TIMEOUT = (3, 8)  # seconds to connect and between two bytes
_WHOLE = 20  # seconds for all of an answer
_GZIP = b"\x1f\x8b"
_BLOCK = 64 * 1024
# Python's codecs for host names and literals, which no page has: they refuse most texts, or take hours for long ones.
_NOT_OF_PAGES = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape"})
# Where the server does not say it: an old CMS's page, a feed in windows-1251.
_HEAD = 2048  # bytes
_SAYS_ITSELF = re.compile(
    rb"""<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)|<meta\s[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)""",
    re.IGNORECASE,
)
LARGEST = 3 * 1024 * 1024  # bytes of a body that are read


@dataclass(frozen=True)
class Reply:
    """One answer; header names are lower case, the body is decoded as far as it goes."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str = ""

    @property
    def media_type(self) -> str:
        """The media type without parameters, such as `text/html`."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def header(self, name: str) -> str:
        """A header's value, or an empty string."""
        return self.headers.get(name.lower(), "")


class _OneAnswer(requests.Session):
    """A session that ignores redirects: requests would read their whole body and parse their address all the same."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:  # noqa: ARG002 - its own signature
        """None: nothing is followed here."""
        return None


def fetch(
    url: str, *, method: str = "GET", headers: Mapping[str, str] | None = None, body: str | None = None
) -> Reply:
    """Make one request.

    :raises requests.RequestException: no answer, or one that does not end.
    """
    with _OneAnswer() as session:
        session.auth = _no_auth  # else requests would send credentials from the .netrc of whoever runs this
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
    try:
        # Read what has come so far, not a whole block: a byte every few seconds would take days.
        while len(read) < LARGEST and (chunk := answer.raw.read1(_BLOCK, decode_content=True)):
            read += chunk
            if time.monotonic() > ends:
                raise requests.Timeout(request=answer.request)
    except HTTPError as error:
        raise requests.ConnectionError(request=answer.request) from error
    if read[:2] == _GZIP:  # a file that is packed (sitemap.xml.gz), beside what the server packs on the way
        read = bytearray(_unpacked(bytes(read)))
    body = bytes(read[:LARGEST])
    # Without a charset requests guesses Latin-1 for text; everything that we look at is UTF-8 unless it says so.
    told = answer.encoding if "charset" in answer.headers.get("Content-Type", "").lower() else _said_within(body)
    return _decoded(body, told or "utf-8")


def _said_within(body: bytes) -> str:
    """The charset that a page or a feed names itself; empty for none."""
    found = _SAYS_ITSELF.search(body[:_HEAD])
    return (found[1] or found[2]).decode("ascii", "replace") if found else ""


def _decoded(body: bytes, charset: str) -> str:
    """The body, decoded by its stated charset; as UTF-8 where that is none for pages."""
    try:
        if codecs.lookup(charset).name.replace("-", "_") in _NOT_OF_PAGES:
            charset = "utf-8"
        return body.decode(charset, "replace")
    except (LookupError, ValueError):
        return body.decode("utf-8", "replace")
