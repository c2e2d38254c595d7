"""/v1/refunds, /v1/disputes and /v1/radar/early_fraud_warnings."""

from flask import Blueprint

from localdev.stripe import disputes, reversals
from localdev.stripe.account import Account
from localdev.stripe.api.endpoint import endpoint
from localdev.stripe.api.lists import filters, page
from localdev.stripe.errors import Json, missing_param
from localdev.stripe.params import merged_metadata

blueprint = Blueprint("reversals", __name__)


@endpoint(blueprint, "POST", "/v1/refunds", "RefundCreateParams")
def create(account: Account, params: Json) -> Json:
    """Refund a charge or a payment intent."""
    if params.get("payment_intent"):
        charge = reversals.collected(account, params["payment_intent"])
    elif params.get("charge"):
        charge = account.get("charge", params["charge"], param="charge", status=400)
    else:
        raise missing_param("payment_intent")
    metadata = params.get("metadata") or None
    return reversals.refund(account, charge, params.get("amount"), reason=params.get("reason"), metadata=metadata)


@endpoint(blueprint, "GET", "/v1/refunds", "RefundListParams")
def list_refunds(account: Account, params: Json) -> Json:
    """List refunds."""
    wanted = filters(params, charge="charge", payment_intent="payment_intent")
    return page(account, "refund", params, "/v1/refunds", wanted)


@endpoint(blueprint, "GET", "/v1/refunds/<identifier>", "RefundRetrieveParams")
def retrieve(account: Account, _params: Json, identifier: str) -> Json:
    """Retrieve a refund."""
    return account.get("refund", identifier)


@endpoint(blueprint, "POST", "/v1/refunds/<identifier>", "RefundUpdateParams")
def update(account: Account, params: Json, identifier: str) -> Json:
    """Change a refund's metadata."""
    made = account.get("refund", identifier)
    return account.put(made | {"metadata": merged_metadata(made["metadata"], params.get("metadata"))})


@endpoint(blueprint, "POST", "/v1/refunds/<identifier>/cancel", "RefundCancelParams")
def cancel(account: Account, _params: Json, identifier: str) -> Json:
    """Call off a pending refund."""
    return reversals.cancel_refund(account, account.get("refund", identifier))


@endpoint(blueprint, "GET", "/v1/disputes", "DisputeListParams")
def list_disputes(account: Account, params: Json) -> Json:
    """List disputes."""
    wanted = filters(params, charge="charge", payment_intent="payment_intent")
    return page(account, "dispute", params, "/v1/disputes", wanted)


@endpoint(blueprint, "GET", "/v1/disputes/<identifier>", "DisputeRetrieveParams")
def retrieve_dispute(account: Account, _params: Json, identifier: str) -> Json:
    """Retrieve a dispute."""
    return account.get("dispute", identifier)


@endpoint(blueprint, "POST", "/v1/disputes/<identifier>/close", "DisputeCloseParams")
def accept(account: Account, _params: Json, identifier: str) -> Json:
    """Accept a dispute as lost."""
    return disputes.close(account, account.get("dispute", identifier), won=False)


@endpoint(blueprint, "GET", "/v1/radar/early_fraud_warnings", "radar.EarlyFraudWarningListParams")
def list_warnings(account: Account, params: Json) -> Json:
    """List early fraud warnings."""
    wanted = filters(params, charge="charge", payment_intent="payment_intent")
    return page(account, "radar.early_fraud_warning", params, "/v1/radar/early_fraud_warnings", wanted)


@endpoint(blueprint, "GET", "/v1/radar/early_fraud_warnings/<identifier>", "radar.EarlyFraudWarningRetrieveParams")
def retrieve_warning(account: Account, _params: Json, identifier: str) -> Json:
    """Retrieve an early fraud warning."""
    return account.get("radar.early_fraud_warning", identifier)
