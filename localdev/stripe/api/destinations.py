"""/v2/core/event_destinations: read only; the control call makes them."""

from flask import Blueprint

from localdev.stripe import destinations
from localdev.stripe.account import Account
from localdev.stripe.api.endpoint import endpoint
from localdev.stripe.errors import Json, missing_object

blueprint = Blueprint("destinations", __name__)
_URL = "/v2/core/event_destinations"


@endpoint(blueprint, "GET", _URL, "v2.core.EventDestinationListParams")
def list_destinations(account: Account, params: Json) -> Json:
    """List event destinations, those of v1 among them; one page holds them all."""
    found = [destinations.shown(one, params.get("include", [])) for one in destinations.all_of(account)]
    return {"data": found, "next_page_url": None, "previous_page_url": None}


@endpoint(blueprint, "GET", f"{_URL}/<identifier>", "v2.core.EventDestinationRetrieveParams")
def retrieve(account: Account, params: Json, identifier: str) -> Json:
    """Retrieve an event destination."""
    for one in destinations.all_of(account):
        if one["id"] == identifier:
            return destinations.shown(one, params.get("include", []))
    raise missing_object("event_destination", identifier)
