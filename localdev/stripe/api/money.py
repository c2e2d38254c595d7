"""/v1/payment_intents, /v1/charges and /v1/balance_transactions."""

from flask import Blueprint

from localdev.stripe.account import Account
from localdev.stripe.api.endpoint import endpoint
from localdev.stripe.api.lists import filters, page
from localdev.stripe.errors import Json
from localdev.stripe.params import merged_metadata

blueprint = Blueprint("money", __name__)


@endpoint(blueprint, "GET", "/v1/payment_intents", "PaymentIntentListParams")
def list_intents(account: Account, params: Json) -> Json:
    """List payment intents."""
    return page(account, "payment_intent", params, "/v1/payment_intents", filters(params, customer="customer"))


@endpoint(blueprint, "GET", "/v1/payment_intents/<identifier>", "PaymentIntentRetrieveParams")
def retrieve_intent(account: Account, _params: Json, identifier: str) -> Json:
    """Retrieve a payment intent."""
    return account.get("payment_intent", identifier, param="intent")


@endpoint(blueprint, "GET", "/v1/charges", "ChargeListParams")
def list_charges(account: Account, params: Json) -> Json:
    """List charges."""
    wanted = filters(params, customer="customer", payment_intent="payment_intent")
    return page(account, "charge", params, "/v1/charges", wanted)


@endpoint(blueprint, "GET", "/v1/charges/<identifier>", "ChargeRetrieveParams")
def retrieve_charge(account: Account, _params: Json, identifier: str) -> Json:
    """Retrieve a charge."""
    return account.get("charge", identifier)


@endpoint(blueprint, "POST", "/v1/charges/<identifier>", "ChargeUpdateParams")
def update_charge(account: Account, params: Json, identifier: str) -> Json:
    """Change a charge's metadata."""
    charge = account.get("charge", identifier)
    return account.put(charge | {"metadata": merged_metadata(charge["metadata"], params.get("metadata"))})


@endpoint(blueprint, "GET", "/v1/balance_transactions", "BalanceTransactionListParams")
def list_balance(account: Account, params: Json) -> Json:
    """List balance transactions."""
    wanted = filters(params, currency="currency", source="source", type="type")
    if "payout" in params:
        wanted.append(("0", ()))  # nothing is ever paid out here
    return page(account, "balance_transaction", params, "/v1/balance_transactions", wanted)


@endpoint(blueprint, "GET", "/v1/balance_transactions/<identifier>", "BalanceTransactionRetrieveParams")
def retrieve_balance(account: Account, _params: Json, identifier: str) -> Json:
    """Retrieve a balance transaction."""
    return account.get("balance_transaction", identifier)
