"""/v1/events: what happened in the last 30 days; /v2/core/events/{id}: one thin event."""

from flask import Blueprint

from localdev.stripe.account import Account
from localdev.stripe.api.endpoint import endpoint
from localdev.stripe.api.lists import Condition, page
from localdev.stripe.errors import ApiRefusal, Json, missing_object

blueprint = Blueprint("events", __name__)
_REACH_SECONDS = 30 * 86_400
# Some endpoint was to get it and never answered 2xx: waiting, held, dropped, given up or set aside.
_UNDELIVERED = """id IN (
    SELECT event FROM deliveries AS d WHERE NOT EXISTS (
        SELECT 1 FROM deliveries AS t WHERE t.event = d.event AND t.endpoint = d.endpoint AND t.state = 'delivered'
    )
)"""
_DELIVERED = f"NOT {_UNDELIVERED}"
# A key of test mode sees neither live events nor those of connected accounts.
_OWN: Condition = ("json_extract(body, '$.livemode') = 0 AND json_extract(body, '$.account') IS NULL", ())


def _wanted(params: Json) -> list[Condition]:
    types = params.get("types") or ([params["type"]] if params.get("type") else [])
    if params.get("types") and params.get("type"):
        raise ApiRefusal("You may only specify one of these parameters: type, types.")
    conditions: list[Condition] = []
    if types:
        exact = " OR ".join("json_extract(body, '$.type') GLOB ?" for _ in types)
        conditions.append((f"({exact})", types))
    if "delivery_success" in params:
        conditions.append((_DELIVERED if params["delivery_success"] else _UNDELIVERED, ()))
    return conditions


@endpoint(blueprint, "GET", "/v1/events", "EventListParams")
def list_events(account: Account, params: Json) -> Json:
    """List events, newest first. `delivery_success=false`: those that some endpoint has not taken."""
    reach: Condition = ("created >= ?", (account.now() - _REACH_SECONDS,))
    found = page(account, "event", params, "/v1/events", [reach, _OWN, *_wanted(params)])
    found["data"] = [shown(account, event) for event in found["data"]]
    return found


@endpoint(blueprint, "GET", "/v1/events/<identifier>", "EventRetrieveParams")
def retrieve(account: Account, _params: Json, identifier: str) -> Json:
    """Retrieve an event of the last 30 days."""
    event = account.get("event", identifier)
    if event["created"] < account.now() - _REACH_SECONDS:
        raise missing_object("event", identifier)
    return shown(account, event)


@endpoint(blueprint, "GET", "/v2/core/events/<identifier>", "v2.core.EventRetrieveParams")
def retrieve_thin(account: Account, _params: Json, identifier: str) -> Json:
    """Retrieve a thin event."""
    return account.get("v2.core.event", identifier)


def shown(account: Account, event: Json) -> Json:
    """An event as it stands now: `pending_webhooks` falls to 0 once every endpoint has taken it."""
    return event | {"pending_webhooks": account.deliveries.pending(event["id"])}
