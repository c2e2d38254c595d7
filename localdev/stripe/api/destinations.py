"""/v2/core/event_destinations: read only; the control call makes them."""

from urllib.parse import urlencode

from flask import Blueprint

from localdev.stripe import destinations
from localdev.stripe.account import Account
from localdev.stripe.api.endpoint import endpoint
from localdev.stripe.errors import ApiRefusal, Json, missing_object

blueprint = Blueprint("destinations", __name__)
_URL = "/v2/core/event_destinations"
# https://docs.stripe.com/api-v2-overview#list-pagination
_DEFAULT, _MOST = 20, 100


@endpoint(blueprint, "GET", _URL, "v2.core.EventDestinationListParams")
def list_destinations(account: Account, params: Json) -> Json:
    """List event destinations, those of v1 among them, page by page."""
    limit, include = params.get("limit", _DEFAULT), params.get("include", [])
    if not 1 <= limit <= _MOST:
        raise ApiRefusal(f"must be between 1 and {_MOST}", param="limit")
    found = destinations.all_of(account)
    first = _first(found, params.get("page"))
    following = found[first + limit :] and _address(found[first + limit - 1], limit, include)
    before = first and _address(found[first - limit - 1] if first > limit else None, limit, include)
    return {
        "data": [destinations.shown(one, include) for one in found[first : first + limit]],
        "next_page_url": following or None,
        "previous_page_url": before or None,
    }


def _first(found: list[Json], token: object) -> int:
    """Where a page starts: behind the destination that its token names."""
    if token is None:
        return 0
    places = [place for place, one in enumerate(found) if token == f"page_{one['id']}"]
    if not places:
        raise ApiRefusal("this page is not known", param="page")
    return places[0] + 1


def _address(behind: Json | None, limit: int, include: list[str]) -> str:
    asked = {f"include[{place}]": name for place, name in enumerate(include)} | {"limit": str(limit)}
    if behind is not None:
        asked["page"] = f"page_{behind['id']}"
    return f"{_URL}?{urlencode(asked)}"


@endpoint(blueprint, "GET", f"{_URL}/<identifier>", "v2.core.EventDestinationRetrieveParams")
def retrieve(account: Account, params: Json, identifier: str) -> Json:
    """Retrieve an event destination."""
    for one in destinations.all_of(account):
        if one["id"] == identifier:
            return destinations.shown(one, params.get("include", []))
    raise missing_object("event_destination", identifier)
