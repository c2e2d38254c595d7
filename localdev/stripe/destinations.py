"""Event destinations of API v2: where thin events go. https://docs.stripe.com/event-destinations.

Those of API v1 (`webhook_endpoints`) are listed among them, with snapshots. A thin event holds no object, only what
it is about; the only one that is played is the ping with which Stripe tries a destination.
"""

from datetime import UTC, datetime

from localdev.stripe import ids
from localdev.stripe.account import Account
from localdev.stripe.errors import Json
from localdev.stripe.receivers import DESTINATION, THIN


def create(account: Account, url: str, enabled_events: list[str], name: str) -> Json:
    """A destination for thin events."""
    now = _time(account.now())
    return account.put(
        {
            "id": ids.new("ed_test"),
            "object": DESTINATION,
            "amazon_eventbridge": None,
            "azure_event_grid": None,
            "created": now,
            "description": "",
            "enabled_events": enabled_events,
            "event_payload": "thin",
            "events_from": ["self"],
            "livemode": False,
            "metadata": {},
            "name": name,
            "snapshot_api_version": None,
            "status": "enabled",
            "status_details": None,
            "type": "webhook_endpoint",
            "updated": now,
            "webhook_endpoint": {"signing_secret": None, "url": url},
        }
    )


def ping(account: Account, destination: Json) -> Json:
    """Try a destination: a thin event that is about the destination itself."""
    event: Json = {
        "id": ids.new("evt_test"),
        "object": THIN,
        "context": None,
        "created": _time(account.now()),
        "livemode": False,
        "reason": None,
        "related_object": {
            "id": destination["id"],
            "type": DESTINATION,
            "url": f"/v2/core/event_destinations/{destination['id']}",
        },
        "type": f"{DESTINATION}.ping",
    }
    account.tell(event)
    return event


def all_of(account: Account) -> list[Json]:
    """Every destination, those of v1 in the shape of v2, newest first."""
    old = [_of_v1(one) for one in account.store.find("webhook_endpoint")]
    return sorted([*account.store.find(DESTINATION), *old], key=lambda one: str(one["created"]), reverse=True)


def shown(destination: Json, include: list[str]) -> Json:
    """As the API answers: the address only when it is asked for."""
    hidden = destination["webhook_endpoint"] | {"url": None}
    return destination if "webhook_endpoint.url" in include else destination | {"webhook_endpoint": hidden}


def _of_v1(endpoint: Json) -> Json:
    created = _time(endpoint["created"])
    return {
        "id": endpoint["id"],
        "object": DESTINATION,
        "amazon_eventbridge": None,
        "azure_event_grid": None,
        "created": created,
        "description": endpoint["description"] or "",
        "enabled_events": endpoint["enabled_events"],
        "event_payload": "snapshot",
        "events_from": ["self"],
        "livemode": False,
        "metadata": endpoint["metadata"],
        "name": endpoint["description"] or "Webhook endpoint",
        "snapshot_api_version": endpoint["api_version"],
        "status": endpoint["status"],
        "status_details": {"disabled": {"reason": "user"}} if endpoint["status"] == "disabled" else None,
        "type": "webhook_endpoint",
        "updated": created,
        "webhook_endpoint": {"signing_secret": None, "url": endpoint["url"]},
    }


def _time(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
