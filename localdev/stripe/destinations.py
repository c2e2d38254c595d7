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
    made = _destination(
        ids.new("ed_test"),
        _time(account.now()),
        url,
        enabled_events=enabled_events,
        event_payload="thin",
        name=name,
    )
    return account.put(made)


def ping(account: Account, destination: Json) -> Json:
    """Try a destination: a thin event that is about the destination itself."""
    event: Json = {
        "id": ids.new("evt_test"),
        "object": THIN,
        "created": _time(account.now()),
        "livemode": False,
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
    return destination if "webhook_endpoint.url" in include else destination | {"webhook_endpoint": {}}


def _of_v1(endpoint: Json) -> Json:
    disabled = endpoint["status"] == "disabled"
    return _destination(
        endpoint["id"],
        _time(endpoint["created"]),
        endpoint["url"],
        description=endpoint["description"] or "",
        enabled_events=endpoint["enabled_events"],
        metadata=endpoint["metadata"],
        name=endpoint["description"] or "Webhook endpoint",
        status=endpoint["status"],
        **({"snapshot_api_version": endpoint["api_version"]} if endpoint["api_version"] else {}),
        **({"status_details": {"disabled": {"reason": "user"}}} if disabled else {}),
    )


def _destination(identifier: str, created: str, url: str, **given: object) -> Json:
    """What there is nothing to say of is left out, as API v2's types have it."""
    return {
        "id": identifier,
        "object": DESTINATION,
        "created": created,
        "description": "",
        "enabled_events": [],
        "event_payload": "snapshot",
        "events_from": ["@self"],
        "livemode": False,
        "metadata": {},
        "name": "",
        "status": "enabled",
        "type": "webhook_endpoint",
        "updated": created,
        "webhook_endpoint": {"url": url},
    } | given


def _time(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
