"""/v1/checkout/sessions."""

from flask import Blueprint

from localdev.stripe import checkout
from localdev.stripe.account import Account
from localdev.stripe.api.endpoint import endpoint
from localdev.stripe.api.lists import filters, page, slice_page
from localdev.stripe.errors import Json
from localdev.stripe.params import merged_metadata

blueprint = Blueprint("checkout", __name__)
_URL = "/v1/checkout/sessions"


@endpoint(blueprint, "POST", _URL, "checkout.SessionCreateParams")
def create(account: Account, params: Json) -> Json:
    """Create a Checkout Session."""
    return checkout.create(account, params)


@endpoint(blueprint, "GET", _URL, "checkout.SessionListParams")
def list_sessions(account: Account, params: Json) -> Json:
    """List Checkout Sessions."""
    wanted = filters(
        params,
        customer="customer",
        payment_intent="payment_intent",
        subscription="subscription",
        status="status",
    )
    email = params.get("customer_details", {}).get("email")
    return page(
        account, "checkout.session", params, _URL, wanted + filters({"email": email}, email="customer_details.email")
    )


@endpoint(blueprint, "GET", f"{_URL}/<identifier>", "checkout.SessionRetrieveParams")
def retrieve(account: Account, _params: Json, identifier: str) -> Json:
    """Retrieve a Checkout Session."""
    return account.get("checkout.session", identifier, param="session")


@endpoint(blueprint, "POST", f"{_URL}/<identifier>", "checkout.SessionUpdateParams")
def update(account: Account, params: Json, identifier: str) -> Json:
    """Change a session's metadata."""
    session = account.get("checkout.session", identifier, param="session")
    session["metadata"] = merged_metadata(session["metadata"], params.get("metadata"))
    return account.put(session)


@endpoint(blueprint, "POST", f"{_URL}/<identifier>/expire", "checkout.SessionExpireParams")
def expire(account: Account, _params: Json, identifier: str) -> Json:
    """Expire an open Checkout Session."""
    return checkout.expire(account, account.get("checkout.session", identifier, param="session"))


@endpoint(blueprint, "GET", f"{_URL}/<identifier>/line_items", "checkout.SessionListLineItemsParams")
def line_items(account: Account, params: Json, identifier: str) -> Json:
    """List a session's line items."""
    account.get("checkout.session", identifier, param="session")
    return slice_page(account.store.note(identifier)["lines"], params, f"{_URL}/{identifier}/line_items", "item")
