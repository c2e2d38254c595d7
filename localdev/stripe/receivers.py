"""Who receives an event, where, and signed with which secret: what a delivery asks of the store."""

from localdev.stripe import versions
from localdev.stripe.config import API_VERSION, Config
from localdev.stripe.store import Store

DESTINATION, THIN = "v2.core.event_destination", "v2.core.event"


def wanting(store: Store, event_type: str) -> list[str]:
    """The ids of the enabled endpoints that hear of this type, oldest first."""
    return [
        one["id"]
        for one in reversed(store.find("webhook_endpoint", status="enabled"))
        if {"*", event_type} & set(one["enabled_events"])
        and versions.knows(one["api_version"] or API_VERSION, event_type)
    ]


def secret_of(config: Config, store: Store, endpoint_id: str) -> str:
    """What this endpoint's deliveries are signed with; the stack's own has the configured secret."""
    return str(store.note(endpoint_id).get("secret") or config.webhook_secret)


def address_of(store: Store, destination: str) -> str | None:
    """Where a destination's events go; None for what is no destination any more."""
    found = store.get(destination, DESTINATION)
    return None if found is None else str(found["webhook_endpoint"]["url"])
