"""Passes: short-lived proof that a reader holds a tier, so that a gate check reads no table.

A pass is a standard JWT (RFC 7519), HS256 and nothing else. It opens articles and only that. The check is our own
thirty lines because it stands on the path that every reader takes; decision 0003 has the measurement.
"""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from chalicelib.kernel.moments import RealTime

LIFE = 300  # seconds; sign-out and refunds take effect within it
_LONGEST = 2048
Keys = Sequence[tuple[str, bytes]]


class Pass(NamedTuple):
    """A pass's claims: `sub` opaque, `tier` the highest held, `tiers` all held, times in seconds, UTC."""

    sub: str
    tier: str
    tiers: tuple[str, ...]
    until: int
    exp: int


def issue(held: Pass, *, keys: Keys, issuer: str, audience: str) -> str:
    """Sign a pass with the first key. No pass outlives the access it stands for (`exp` is at most `until`)."""
    kid, key = keys[0]
    header = {"alg": "HS256", "kid": kid, "typ": "JWT"}
    claims = {
        "iss": issuer,
        "aud": audience,
        "sub": held.sub,
        "exp": min(held.exp, held.until),
        "tier": held.tier,
        "tiers": list(held.tiers),
        "until": held.until,
    }
    signed = (
        f"{_encode(json.dumps(header, separators=(',', ':')))}.{_encode(json.dumps(claims, separators=(',', ':')))}"
    )
    return f"{signed}.{_b64(hmac.digest(key, signed.encode(), 'sha256'))}"


def check(token: str, *, keys: Keys, issuer: str, audience: str, now: RealTime) -> Pass | None:
    """The pass, if it is intact, ours and not expired; None for any other text."""
    try:
        return _checked(token, dict(keys), issuer, audience, now)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        # Any other shape of token: not ours. A bad pass refuses nobody, so the reason is not needed.
        return None


def _checked(token: str, keys: dict[str, bytes], issuer: str, audience: str, now: RealTime) -> Pass | None:
    if len(token) > _LONGEST or not token.isascii():
        return None
    head, body, signature = token.split(".")
    expected = _b64(hmac.digest(keys[_key_named_by(head)], f"{head}.{body}".encode(), "sha256"))
    if not hmac.compare_digest(expected, signature):
        return None
    claims = json.loads(_decode(body))
    if claims["iss"] != issuer or claims["aud"] != audience or type(claims["exp"]) is not int:
        return None
    # We sign none that lives longer: one that somebody else signed with our key must not open for years.
    if not now < claims["exp"] <= now + LIFE or type(claims["until"]) is not int:
        return None
    return Pass(claims["sub"], claims["tier"], tuple(claims["tiers"]), claims["until"], claims["exp"])


# All passes of a key begin with the same header, so that it is parsed once: else that is a twelfth of a warm gate
# check. Other headers, which strangers send, may push it out of the cache; then it is parsed again.
@lru_cache(maxsize=16)
def _key_named_by(head: str) -> str:
    header = json.loads(_decode(head))
    if header["alg"] != "HS256":
        raise ValueError(header["alg"])
    kid: str = header["kid"]
    return kid


def _encode(text: str) -> str:
    return _b64(text.encode())


def _b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(part: str) -> str:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode()
