"""Stripe's events on their way to the app."""

import hmac
import json
from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.settings import LOCAL_WEBHOOK_SECRET
from testkit.clock import NOW

Json = dict[str, Any]
WEBHOOK = "/v1/stripe/webhook"


def signature(body: bytes, *, at: int = NOW, secret: str = LOCAL_WEBHOOK_SECRET) -> str:
    """`Stripe-Signature`, by Stripe's published scheme; its own package cannot sign what is not UTF-8."""
    digest = hmac.digest(secret.encode(), str(at).encode() + b"." + body, "sha256").hex()
    return f"t={at},v1={digest}"


def raw(stripe_event: Mapping[str, Any]) -> bytes:
    """An event as it travels."""
    return json.dumps(stripe_event, indent=2).encode()


def one(events: Iterable[Mapping[str, Any]], kind: str) -> Json:
    """The event of this type."""
    return dict(next(event for event in events if event["type"] == kind))
