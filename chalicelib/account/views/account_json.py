"""A supporter's account as JSON: what `/v1/me` answers and `ops supporter` shows."""

from collections.abc import Mapping
from typing import Any

from chalicelib.account.actions.manage import Account
from chalicelib.changing.views.gift_json import gift_json
from chalicelib.kernel.moments import rfc3339, when
from chalicelib.newsroom.rules import Newsroom


def as_json(account: Account, newsroom: Newsroom) -> Mapping[str, Any]:
    """The account: times in RFC 3339, amounts in minor units."""
    return {
        "sub": account.id,
        "email": account.profile.email or None,
        "language": account.profile.language,
        "created_at": rfc3339(account.profile.created_at),
        "tier": account.access.tier,
        "until": when(account.access.until),
        "payment_failed": account.access.payment_failed,
        "recurring": [gift_json(gift, newsroom) for gift in account.recurring],
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
