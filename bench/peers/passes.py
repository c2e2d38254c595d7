"""The pass, checked with PyJWT as its documentation shows. Shared by the peers of every framework."""

import os
from datetime import UTC, datetime
from typing import Any

import jwt

_KEYS = dict(part.split(":", 1) for part in os.environ["SPILNO_PASS_KEYS"].split(","))
_ISSUER, _AUDIENCE = os.environ["SPILNO_PUBLIC_URL"], os.environ["SPILNO_SITE_ID"]
_REQUIRED = ["exp", "iss", "aud", "sub"]
PASS_COOKIE = "__Host-spilno-pass"  # noqa: S105 - a name
TIERS = ("member", "patron")
NO_STORE = {"Cache-Control": "private, no-store"}


class UnknownNeed(Exception):
    """What a website asks for is neither `members` nor one of the newsroom's tiers."""


def access(needs: str | None, tokens: list[str | None]) -> dict[str, Any]:
    """The body of `GET /v1/access`.

    :raises UnknownNeed: the caller answers 400.
    """
    tier = (needs or "").removeprefix("tier:")
    if needs != "members" and not (needs and needs.startswith("tier:") and tier in TIERS):
        raise UnknownNeed
    claims = next((found for token in tokens if token and (found := _claims(token))), None)
    if claims is None:
        return {"open": False, "reason": "sign_in", "tier": None, "until": None}
    opens = needs == "members" or tier in claims["tiers"]
    until = datetime.fromtimestamp(claims["until"], UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "open": opens,
        "reason": "supporter" if opens else "higher_tier",
        "tier": claims["tier"],
        "until": until,
    }


def bearer(header: str | None) -> str | None:
    """The token of `Authorization: Bearer`."""
    scheme, _, token = (header or "").partition(" ")
    return token if scheme.lower() == "bearer" else None


def _claims(token: str) -> dict[str, Any] | None:
    try:
        key = _KEYS[jwt.get_unverified_header(token)["kid"]]
        claims: dict[str, Any] = jwt.decode(
            token, key, algorithms=["HS256"], audience=_AUDIENCE, issuer=_ISSUER, options={"require": _REQUIRED}
        )
    except (jwt.InvalidTokenError, KeyError):
        return None
    return claims
