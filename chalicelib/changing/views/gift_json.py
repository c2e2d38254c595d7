"""A recurring gift as JSON: as `/v1/me` lists it, and as every change of it answers."""

from collections.abc import Mapping
from typing import Any

from chalicelib.changing.rules.possible import can
from chalicelib.kernel.moments import rfc3339, when
from chalicelib.newsroom.rules import Newsroom
from chalicelib.supporters.rules.access import RecurringGift
from chalicelib.supporters.rules.card import Card


def gift_json(gift: RecurringGift, newsroom: Newsroom) -> Mapping[str, Any]:
    """The gift: times in RFC 3339, amounts in minor units."""
    return {
        "id": gift.id,
        "amount": gift.amount,
        "currency": gift.currency,
        "interval": gift.interval,
        "interval_count": gift.interval_count,
        "status": gift.status,
        "tier": gift.tier,
        "paid_through": rfc3339(gift.paid_through),
        "will_renew": gift.will_renew,
        "ends_at": when(gift.ends_at),
        "next_payment_at": when(gift.next_payment_at),
        "paused_until": when(gift.resumes_at),
        "card": _card(gift.card) if gift.card else None,
        "can": list(can(gift, newsroom.currencies)),
    }


def _card(card: Card) -> Mapping[str, Any]:
    return {"brand": card.brand, "last4": card.last4, "expires": card.expires}
