"""What can happen to a customer besides paying: changed, or deleted with all its subscriptions."""

import json
from typing import Any

from localdev.stripe import ending
from localdev.stripe.account import Account
from localdev.stripe.errors import Json, missing_object


def living(account: Account, identifier: str, *, param: str = "id", status: int = 404) -> Json:
    """A customer that is there and not deleted.

    :raises ApiRefusal: `resource_missing`.
    """
    customer = account.get("customer", identifier, param=param, status=status)
    if customer.get("deleted"):
        raise missing_object("customer", identifier, param, status)
    return customer


def change(account: Account, customer: Json, **changes: Any) -> Json:
    """Change fields; told as `customer.updated` when something did change."""
    if all(customer[key] == value for key, value in changes.items()):
        return customer
    return account.update("customer.updated", customer, **changes)


def delete(account: Account, customer: Json) -> Json:
    """Delete a customer for good: its subscriptions end at once, then `customer.deleted`.

    Answers what Stripe answers from now on: `{id, object, deleted: true}`.
    """
    for subscription in account.store.find("subscription", customer=customer["id"]):
        if subscription["status"] not in ("canceled", "incomplete_expired"):
            ending.end(account, subscription, reason="cancellation_requested")
    gone = {"id": customer["id"], "object": "customer", "deleted": True}
    account.store.run("UPDATE objects SET body = ? WHERE id = ?", json.dumps(gone), customer["id"])
    account.emit("customer.deleted", customer)
    return gone
