"""/v1/customers with their balance, /v1/payment_methods and /v1/billing_portal/sessions."""

from flask import Blueprint

from localdev.stripe import credit
from localdev.stripe.account import Account
from localdev.stripe.api.endpoint import endpoint
from localdev.stripe.api.lists import Condition, equal, filters, page
from localdev.stripe.configurations import DEFAULT_PORTAL, PORTAL
from localdev.stripe.currencies import check_amount, check_currency
from localdev.stripe.customers import change, delete, living
from localdev.stripe.errors import ApiRefusal, Json, missing_param
from localdev.stripe.objects import customers as build
from localdev.stripe.objects.sessions import portal_session
from localdev.stripe.params import merged_metadata
from localdev.stripe.session_rules import check_email, check_url

blueprint = Blueprint("customers", __name__)
_LIVING: Condition = ("json_extract(body, '$.deleted') IS NULL", ())
_CHANGEABLE = ("address", "description", "email", "name", "phone", "preferred_locales", "shipping")


@endpoint(blueprint, "POST", "/v1/customers", "CustomerCreateParams")
def create(account: Account, params: Json) -> Json:
    """Create a customer."""
    if params.get("email"):
        check_email(params["email"], "email")
    customer = account.put(build.customer(account.now(), **params))
    account.emit("customer.created", customer)
    return customer


@endpoint(blueprint, "GET", "/v1/customers", "CustomerListParams")
def list_customers(account: Account, params: Json) -> Json:
    """List customers; `email` is compared exactly, case included, as Stripe does."""
    return page(account, "customer", params, "/v1/customers", [*filters(params, email="email"), _LIVING])


@endpoint(blueprint, "GET", "/v1/customers/<identifier>", "CustomerRetrieveParams")
def retrieve(account: Account, _params: Json, identifier: str) -> Json:
    """Retrieve a customer; a deleted one answers `deleted: true` and nothing else."""
    return account.get("customer", identifier)


@endpoint(blueprint, "POST", "/v1/customers/<identifier>", "CustomerUpdateParams")
def update(account: Account, params: Json, identifier: str) -> Json:
    """Change a customer; told as `customer.updated` when something changed."""
    customer = living(account, identifier)
    if params.get("email"):
        check_email(params["email"], "email")
    changes = {key: params[key] or None for key in _CHANGEABLE if key in params}
    changes |= build.whole_addresses(changes)
    changes["metadata"] = merged_metadata(customer["metadata"], params.get("metadata"))
    return change(account, customer, **changes)


@endpoint(blueprint, "DELETE", "/v1/customers/<identifier>", "CustomerDeleteParams")
def remove(account: Account, _params: Json, identifier: str) -> Json:
    """Delete a customer; its subscriptions end at once."""
    return delete(account, living(account, identifier))


@endpoint(blueprint, "GET", "/v1/payment_methods/<identifier>", "PaymentMethodRetrieveParams")
def retrieve_method(account: Account, _params: Json, identifier: str) -> Json:
    """Retrieve a payment method."""
    return account.get("payment_method", identifier)


@endpoint(blueprint, "POST", "/v1/billing_portal/sessions", "billing_portal.SessionCreateParams")
def create_portal(account: Account, params: Json) -> Json:
    """Open the customer portal for a customer."""
    if not params.get("customer"):
        raise missing_param("customer")
    living(account, params["customer"], param="customer", status=400)
    if params.get("return_url"):
        check_url(params["return_url"], "return_url")
    cancel = (params.get("flow_data") or {}).get("subscription_cancel")
    if cancel:
        account.get(
            "subscription", cancel["subscription"], param="flow_data[subscription_cancel][subscription]", status=400
        )
    chosen = params.get("configuration", DEFAULT_PORTAL)
    configuration = account.get(PORTAL, chosen, param="configuration", status=400)
    if not configuration["active"]:
        raise ApiRefusal(f"The configuration {chosen} is inactive.", param="configuration")
    flow = (params.get("flow_data") or {}).get("type", "").removesuffix("_confirm")
    if flow and not configuration["features"][flow]["enabled"]:
        raise ApiRefusal(
            f"The {flow.replace('_', ' ')} feature in the portal configuration is disabled.", param="flow_data[type]"
        )
    session = portal_session(account.now(), params, account.config.base_url)
    account.store.write_note(session["id"], session=session)
    return session


@endpoint(
    blueprint, "POST", "/v1/customers/<identifier>/balance_transactions", "CustomerCreateBalanceTransactionParams"
)
def move_balance(account: Account, params: Json, identifier: str) -> Json:
    """Give a customer credit (a negative amount), or note a debt."""
    customer = living(account, identifier)
    check_currency(params["currency"], "currency")
    check_amount(params["amount"], params["currency"], "amount")
    given = {"description": params.get("description"), "metadata": merged_metadata({}, params.get("metadata"))}
    return credit.move(account, customer, params["amount"], params["currency"], **given)


@endpoint(
    blueprint, "GET", "/v1/customers/<identifier>/balance_transactions", "CustomerListBalanceTransactionsParams"
)
def list_balance(account: Account, params: Json, identifier: str) -> Json:
    """List what moved a customer's balance."""
    account.get("customer", identifier)
    wanted = [*filters(params, invoice="invoice"), equal("customer", identifier)]
    return page(
        account,
        "customer_balance_transaction",
        params,
        f"/v1/customers/{identifier}/balance_transactions",
        wanted,
    )
