"""Marks: small cookies that say that a browser has read something, and by themselves to nobody else what.

    m-k3Xq9 = 8fJq…      the name is a tag of what was read, the value proves that we wrote it

Both are derived by HMAC from a secret of ours, the kind, a period and what was read. So a mark needs no row, all
readers of one article in one month hold the same mark, and no two articles or months have anything in common: a mark
joins nothing to anybody. It verifies by itself, so that marks can be counted without knowing what they stand for.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

# What was read: an article by the meter, in a month; or by a gift link, which is its own period.
Kind = Literal["m", "g"]

KINDS: Final[tuple[Kind, ...]] = ("m", "g")
_TAG = 5  # characters, 30 bits: enough to keep a month's articles apart
_PROOF = 16  # bytes


class Mark(NamedTuple):
    """A mark: `name` is the kind and the tag, `value` the proof."""

    name: str
    value: str


def make(kind: Kind, period: str, what: str, key: str) -> Mark:
    """The mark of having read `what` in this period; `key` is a secret of ours."""
    period_key = _period_key(kind, period, key)
    tag = _text(hmac.digest(period_key, what.encode(), "sha256"))[:_TAG]
    return Mark(f"{kind}-{tag}", _proof(period_key, tag))


def genuine(kind: Kind, period: str, found: Mapping[str, str], key: str) -> frozenset[str]:
    """The names of the marks of this kind and period that we wrote, out of what a browser holds by name."""
    period_key = _period_key(kind, period, key)
    return frozenset(
        name
        for name, value in found.items()
        if name.startswith(f"{kind}-")
        and f"{name}{value}".isascii()
        and hmac.compare_digest(value.encode(), _proof(period_key, name.removeprefix(f"{kind}-")).encode())
    )


def _period_key(kind: Kind, period: str, key: str) -> bytes:
    return hmac.digest(key.encode(), f"marks\n{kind}\n{period}".encode(), "sha256")


def _proof(period_key: bytes, tag: str) -> str:
    return _text(hmac.digest(period_key, f"mark\n{tag}".encode(), "sha256")[:_PROOF])


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
