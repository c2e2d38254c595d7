"""A supporter's account as JSON: what `/v1/me` answers and `ops supporter` shows."""

from collections.abc import Mapping
from typing import Any

from chalicelib.account.actions.manage import Account
from chalicelib.kernel.moments import rfc3339, when
from chalicelib.supporters.rules.access import RecurringGift
from chalicelib.supporters.rules.card import Card


def as_json(account: Account) -> Mapping[str, Any]:
    """The account: times in RFC 3339, amounts in minor units."""
    return {
        "sub": account.id,
        "email": account.profile.email or None,
        "language": account.profile.language,
        "created_at": rfc3339(account.profile.created_at),
        "tier": account.access.tier,
        "until": when(account.access.until),
        "payment_failed": account.access.payment_failed,
        "recurring": [_recurring(gift) for gift in account.recurring],
        "one_off": [
            {
                "id": one.gift.id,
                "amount": one.gift.amount,
                "currency": one.gift.currency,
                "given_at": rfc3339(one.gift.occurred_at),
                "refunded": one.refunded,
            }
            for one in account.one_off
        ],
    }


def _recurring(gift: RecurringGift) -> Mapping[str, Any]:
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
        "card": _card(gift.card) if gift.card else None,
    }


def _card(card: Card) -> Mapping[str, Any]:
    return {"brand": card.brand, "last4": card.last4, "expires": card.expires}
