"""What the peers' tills share: the form of a checkout with pydantic, and the webhook with Stripe's own check."""

import os
import zlib
from typing import Any, Literal

import stripe
from pydantic import BaseModel, ConfigDict, Field

_SECRET = os.environ["STRIPE_WEBHOOK_SECRET"]
_LIVE = os.environ["SPILNO_STAGE"] == "prod"
BOUNDS = {"eur": (100, 500_000), "usd": (100, 500_000), "uah": (5_000, 20_000_000), "pln": (500, 2_000_000)}
# Stands for the table: an event is put if it is not there yet.
INBOX: dict[str, dict[str, Any]] = {}


class NewCheckout(BaseModel):
    """The body of `POST /v1/checkouts`."""

    model_config = ConfigDict(extra="forbid", strict=True)

    amount: int
    currency: Literal["eur", "usd", "uah", "pln"]
    interval: Literal["once", "month", "year"]
    attempt: str = Field(pattern=r"^[A-Za-z0-9_-]{16,64}$")


class Envelope(BaseModel):
    """As much of an event as must be right for it to be kept."""

    id: str = Field(pattern=r"^evt_[A-Za-z0-9_]{1,100}$")
    type: str = Field(max_length=100)
    livemode: bool
    account: str | None = None


class SignatureWrong(Exception):
    """The caller answers 400."""


def refusal(wish: NewCheckout) -> dict[str, Any] | None:
    """The problem with an amount, if there is one."""
    least, most = BOUNDS[wish.currency]
    if least <= wish.amount <= most:
        return None
    return {
        "type": "about:blank",
        "title": f"The smallest amount we can take is {least / 100:.2f} {wish.currency.upper()}.",
        "status": 400,
        "code": "amount_too_small" if wish.amount < least else "amount_too_large",
        "field": "amount",
        "minimum": least,
        "maximum": most,
        "currency": wish.currency,
    }


def opened(body: str, signature: str) -> Envelope:
    """A checked event.

    :raises SignatureWrong: it is not Stripe's.
    """
    try:
        event = stripe.Webhook.construct_event(body, signature, _SECRET)
    except (ValueError, stripe.SignatureVerificationError):
        raise SignatureWrong from None
    account = getattr(event, "account", None)
    return Envelope(id=event["id"], type=event["type"], livemode=event["livemode"], account=account)


def checked(event: dict[str, Any], context: object) -> dict[str, Any]:
    """The check alone, without a framework."""
    del context
    opened(event["body"], event["headers"]["Stripe-Signature"])
    return {"statusCode": 200}


def take_in(body: str, signature: str) -> dict[str, Any]:
    """Check and keep an event.

    :raises SignatureWrong: it is not Stripe's.
    """
    envelope = opened(body, signature)
    INBOX.setdefault(
        envelope.id,
        {
            "type": envelope.type,
            "status": "pending" if envelope.livemode == _LIVE else "ignored",
            "body": zlib.compress(body.encode(), 6),
        },
    )
    return {"stored": True, "applied": True}
