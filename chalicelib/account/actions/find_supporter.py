"""Find a supporter by their address or identifier, for the operator."""

from collections.abc import Mapping
from typing import Any

from chalicelib.account.actions.manage import Account, own_account
from chalicelib.kernel import email_address
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.moments import rfc3339, when
from chalicelib.kernel.table import Table
from chalicelib.newsroom.rules import Newsroom
from chalicelib.supporters.rows import supporters
from chalicelib.supporters.rules.access import RecurringGift
from chalicelib.supporters.rules.state import Profile


def find_supporter(table: Table, named: str, newsroom: Newsroom, *, email_key: str, now: int) -> Account:
    """Profile, access now and gifts of the supporter with this address or identifier; `now` in business time.

    :raises NotFound: `unknown_supporter`.
    :raises BadInput: `bad_email`.
    """
    supporter, _ = whom(table, named, email_key)
    return own_account(table, supporters.read_state(table, supporter), newsroom, now=now)


def whom(table: Table, named: str, email_key: str) -> tuple[str, Profile]:
    """The supporter whom an operator names, by address or by identifier, and their profile.

    An address may also be written exactly as it was kept before there was one rule for them.

    :raises NotFound: `unknown_supporter`.
    :raises BadInput: `bad_email`: neither an identifier nor an address, nor one that was ever kept.
    """
    if "@" in named:
        kept = supporters.find_by_email(table, email_address.as_before(named), email_key)
        supporter = kept or supporters.find_by_email(table, email_address.read(named), email_key)
    else:
        supporter = named.strip()
    profile = supporters.read_profile(table, supporter) if supporter else None
    if supporter is None or profile is None:
        raise NotFound("We know nobody with this address.", code="unknown_supporter")
    return supporter, profile


def as_json(account: Account) -> Mapping[str, Any]:
    """The account as the operator's commands and `/v1/me` tell it: times in RFC 3339, amounts in minor units."""
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
    }
