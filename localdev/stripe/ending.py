"""The end of a subscription, and what refuses one that has ended."""

from localdev.stripe.account import Account
from localdev.stripe.errors import ApiRefusal, Json

ENDED = ("canceled", "incomplete_expired")


def end(account: Account, subscription: Json, *, reason: str, details: Json | None = None) -> Json:
    """End now; answers the canceled subscription, told as `customer.subscription.deleted`."""
    require_running(subscription)
    now = account.now()
    for job in ("renew", "retry", "cancel", "collect", "lapse", "unconfirmed"):
        account.store.schedule(job, subscription["id"], None)
    subscription |= {"status": "canceled", "ended_at": now, "canceled_at": subscription["canceled_at"] or now}
    subscription["cancellation_details"] = {
        **subscription["cancellation_details"],
        **(details or {}),
        "reason": reason,
    }
    account.put(subscription)
    account.emit("customer.subscription.deleted", subscription)
    return subscription


def require_running(subscription: Json) -> None:
    """Refuse what an ended subscription cannot do.

    :raises ApiRefusal: 404 `resource_missing`, as Stripe says of one that is canceled.
    """
    if subscription["status"] in ENDED:
        raise ApiRefusal(
            f"No such subscription: '{subscription['id']}'", code="resource_missing", param="id", status=404
        )
