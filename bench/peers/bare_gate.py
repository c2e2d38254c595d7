"""The gate without any framework or library: the least that one can write."""

import hmac
import json
import os
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from typing import Any

_KEYS = dict(part.split(":", 1) for part in os.environ["SPILNO_PASS_KEYS"].split(","))
_ISSUER, _AUDIENCE = os.environ["SPILNO_PUBLIC_URL"], os.environ["SPILNO_SITE_ID"]
_TIERS = ("member", "patron")
_HEADERS = {"Content-Type": "application/json", "Cache-Control": "private, no-store"}


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer an event of API Gateway's REST API."""
    del context
    if event["path"] == "/":
        return {"statusCode": 303, "headers": {**_HEADERS, "Location": f"{_ISSUER}/donate"}, "body": ""}
    needs = (event["queryStringParameters"] or {}).get("needs", "")
    tier = needs.removeprefix("tier:")
    if needs != "members" and not (needs.startswith("tier:") and tier in _TIERS):
        return _answer(400, {"code": "bad_needs"})
    headers = {name.lower(): value for name, value in event["headers"].items()}
    cookie = SimpleCookie(headers.get("cookie", "")).get("__Host-spilno-pass")
    scheme, _, token = headers.get("authorization", "").partition(" ")
    found = (_claims(cookie.value) if cookie else None) or (_claims(token) if scheme.lower() == "bearer" else None)
    if found is None:
        return _answer(200, {"open": False, "reason": "sign_in", "tier": None, "until": None})
    opens = needs == "members" or tier in found["tiers"]
    until = datetime.fromtimestamp(found["until"], UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    reason = "supporter" if opens else "higher_tier"
    return _answer(200, {"open": opens, "reason": reason, "tier": found["tier"], "until": until})


def _answer(status: int, body: dict[str, Any]) -> dict[str, Any]:
    return {"statusCode": status, "headers": _HEADERS, "body": json.dumps(body), "isBase64Encoded": False}


def _claims(token: str) -> dict[str, Any] | None:
    try:
        head, body, signature = token.split(".")
        header = json.loads(_decoded(head))
        digest = hmac.digest(_KEYS[header["kid"]].encode(), f"{head}.{body}".encode(), "sha256")
        if header["alg"] != "HS256" or not hmac.compare_digest(
            urlsafe_b64encode(digest).rstrip(b"=").decode(), signature
        ):
            return None
        claims: dict[str, Any] = json.loads(_decoded(body))
        ours = claims["iss"] == _ISSUER and claims["aud"] == _AUDIENCE and claims["exp"] > time.time()
    except (ValueError, KeyError, TypeError):
        return None
    return claims if ours else None


def _decoded(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))
