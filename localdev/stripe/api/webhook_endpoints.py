"""/v1/webhook_endpoints."""

from flask import Blueprint

from localdev.stripe import endpoints
from localdev.stripe.account import Account
from localdev.stripe.api.endpoint import endpoint
from localdev.stripe.api.lists import page
from localdev.stripe.errors import Json, missing_param
from localdev.stripe.params import merged_metadata
from localdev.stripe.session_rules import check_url

blueprint = Blueprint("webhook_endpoints", __name__)
_URL = "/v1/webhook_endpoints"


@endpoint(blueprint, "POST", _URL, "WebhookEndpointCreateParams")
def create(account: Account, params: Json) -> Json:
    """Create an endpoint; the answer is the only one that shows its secret."""
    if not params.get("url"):
        raise missing_param("url")
    check_url(params["url"], "url")
    return endpoints.create(account, params)


@endpoint(blueprint, "GET", _URL, "WebhookEndpointListParams")
def list_endpoints(account: Account, params: Json) -> Json:
    """List endpoints."""
    return page(account, "webhook_endpoint", params, _URL)


@endpoint(blueprint, "GET", f"{_URL}/<identifier>", "WebhookEndpointRetrieveParams")
def retrieve(account: Account, _params: Json, identifier: str) -> Json:
    """Retrieve an endpoint, without its secret."""
    return account.get("webhook_endpoint", identifier)


@endpoint(blueprint, "POST", f"{_URL}/<identifier>", "WebhookEndpointUpdateParams")
def update(account: Account, params: Json, identifier: str) -> Json:
    """Change an endpoint's address, types, description or metadata; disable or enable it."""
    known = account.get("webhook_endpoint", identifier)
    changes: Json = {name: params[name] for name in ("enabled_events", "url") if name in params}
    if "url" in changes:
        check_url(changes["url"], "url")
    if "description" in params:
        changes["description"] = params["description"] or None
    if "disabled" in params:
        changes["status"] = "disabled" if params["disabled"] else "enabled"
    changes["metadata"] = merged_metadata(known["metadata"], params.get("metadata"))
    return endpoints.change(account, known, **changes)


@endpoint(blueprint, "DELETE", f"{_URL}/<identifier>", "WebhookEndpointDeleteParams")
def remove(account: Account, _params: Json, identifier: str) -> Json:
    """Delete an endpoint."""
    return endpoints.delete(account, account.get("webhook_endpoint", identifier))
