"""Webhook endpoints: where events go, which types, in which version's shape, signed with which secret.

The stack's own endpoint is there from the start; `ops setup` and tests add others, as at Stripe.
"""

import secrets
from typing import Any

from localdev.stripe import ids
from localdev.stripe.account import Account
from localdev.stripe.config import API_VERSION
from localdev.stripe.errors import ApiRefusal, Json

DEFAULT = "we_1SpilnoStandIn"
_MOST = 16


def ensure_default(account: Account) -> None:
    """The stack's own endpoint, at the configured address; what somebody changed of the rest stays."""
    known = account.store.get(DEFAULT, "webhook_endpoint")
    if known is None:
        account.put(_endpoint(DEFAULT, account.now(), account.config.webhook_url, ["*"], API_VERSION))
    elif known["url"] != account.config.webhook_url:
        account.put(known | {"url": account.config.webhook_url})


def create(account: Account, params: Json) -> Json:
    """A new endpoint; only this answer shows its secret.

    :raises ApiRefusal: 400 for an address that is none, no events, or a 17th endpoint.
    """
    if len(account.store.find("webhook_endpoint")) >= _MOST:
        raise ApiRefusal("You have reached the maximum of 16 test webhook endpoints.")
    if not params["enabled_events"]:
        raise ApiRefusal("You must enable at least one event.", param="enabled_events")
    made = _endpoint(
        ids.new("we"),
        account.now(),
        params["url"],
        params["enabled_events"],
        params.get("api_version"),
        description=params.get("description") or None,
        metadata=params.get("metadata") or {},
    )
    account.put(made)
    secret = f"whsec_{secrets.token_urlsafe(24)}"
    account.store.write_note(made["id"], secret=secret)
    return {**made, "secret": secret}


def change(account: Account, endpoint: Json, **changes: Any) -> Json:
    """Change an endpoint's address, types, version or status.

    What waits for a disabled one waits until it is enabled again.
    """
    account.deliveries.park(endpoint["id"], parked=changes.get("status", endpoint["status"]) == "disabled")
    return account.put(endpoint | changes)


def delete(account: Account, endpoint: Json) -> Json:
    """Delete an endpoint with all that waits for it."""
    account.store.run("DELETE FROM deliveries WHERE endpoint = ? AND state != 'delivered'", endpoint["id"])
    account.store.run("DELETE FROM objects WHERE id = ?", endpoint["id"])
    return {"id": endpoint["id"], "object": "webhook_endpoint", "deleted": True}


def _endpoint(
    identifier: str, now: int, url: str, enabled_events: list[str], api_version: str | None, **given: Any
) -> Json:
    return {
        "id": identifier,
        "object": "webhook_endpoint",
        "api_version": api_version,
        "application": None,
        "created": now,
        "description": None,
        "enabled_events": enabled_events,
        "livemode": False,
        "metadata": {},
        "status": "enabled",
        "url": url,
    } | given
