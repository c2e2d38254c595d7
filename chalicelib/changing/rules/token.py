"""What a preview hands out and a change gives back: on what it was computed, so that both are about the same gift.

It is signed: the moment in it decides how much is charged, so nobody may choose it.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.kernel.ids import keyed_hash
from chalicelib.kernel.moments import BusinessTime

_LASTS = 3_600  # seconds: an older preview shows too much for the time that is left
_PROOF = 32


@dataclass(frozen=True)
class Previewed:
    """What a preview showed: computed at `at` (seconds), so much `charged_now` (minor units)."""

    at: int
    charged_now: int


def make(shown: Previewed, about: Sequence[object], key: str) -> str:
    """The token of what was shown `about` a gift and a wish."""
    return f"{shown.at}.{shown.charged_now}.{_proof(shown, about, key)}"


def read(token: str, about: Sequence[object], key: str, now: BusinessTime) -> Previewed | None:
    """What was shown; None if it was about something else: another wish, or the gift as it was before."""
    at, _, rest = token.partition(".")
    charged, _, proof = rest.partition(".")
    if not (at.isascii() and at.isdigit() and charged.isascii() and charged.isdigit() and len(token) <= 128):  # noqa: PLR2004
        return None
    shown = Previewed(int(at), int(charged))
    genuine = hmac.compare_digest(proof.encode(), _proof(shown, about, key).encode())
    return shown if genuine and now - _LASTS < shown.at <= now else None


def _proof(shown: Previewed, about: Sequence[object], key: str) -> str:
    said = "\n".join(str(part) for part in (shown.at, shown.charged_now, *about))
    return keyed_hash(key, f"gift change:{said}")[:_PROOF]
