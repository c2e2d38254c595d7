"""Tokens of links that go out: each names a row and proves that we made the link, and nothing secret is stored.

A token is the row's identifier and a keyed hash of it (128 bits). It is derived anew when the mail is written, so
neither the row nor the outbox holds what opens the link.
"""

import hmac
from typing import Literal

from chalicelib.kernel.ids import keyed_hash

# What a link is for; a token made for one purpose is none for another.
Purpose = Literal["undo", "unsubscribe", "statement", "acknowledgement", "mail", "gift_link", "gift_mark"]

_PROOF = 32  # hexadecimal digits


def make(purpose: Purpose, row_id: str, key: str) -> str:
    """The token of a row's link: URL-safe, 33 characters longer than the identifier."""
    return f"{row_id}.{_proof(purpose, row_id, key)}"


def read(purpose: Purpose, token: str, key: str) -> str | None:
    """The identifier of the row that a token names; None unless we made it for this purpose."""
    row_id, _, proof = token.rpartition(".")
    expected = _proof(purpose, row_id, key)
    return row_id if row_id and hmac.compare_digest(proof.encode(), expected.encode()) else None


def _proof(purpose: str, row_id: str, key: str) -> str:
    return keyed_hash(key, f"link:{purpose}:{row_id}")[:_PROOF]
