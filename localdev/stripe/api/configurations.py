"""/v1/account, /v1/billing_portal/configurations and /v1/payment_method_configurations."""

from flask import Blueprint

from localdev.stripe import configurations as made
from localdev.stripe.account import Account
from localdev.stripe.api.endpoint import endpoint
from localdev.stripe.api.lists import Condition, page
from localdev.stripe.errors import Json

blueprint = Blueprint("configurations", __name__)
_PORTAL, _METHODS = "/v1/billing_portal/configurations", "/v1/payment_method_configurations"


@endpoint(blueprint, "GET", "/v1/account", "AccountRetrieveCurrentParams")
def retrieve_account(account: Account, _params: Json) -> Json:
    """The account whose key it is."""
    return made.own_account(account)


@endpoint(blueprint, "POST", _PORTAL, "billing_portal.ConfigurationCreateParams")
def create_portal(account: Account, params: Json) -> Json:
    """Create a portal configuration, beside the account's default."""
    return account.put(made.new_portal(account, params))


@endpoint(blueprint, "GET", _PORTAL, "billing_portal.ConfigurationListParams")
def list_portals(account: Account, params: Json) -> Json:
    """List portal configurations, active ones or the default alone if asked."""
    wanted: list[Condition] = [
        (f"json_extract(body, '$.{name}') = ?", (int(params[name]),))
        for name in ("active", "is_default")
        if name in params
    ]
    return page(account, made.PORTAL, params, _PORTAL, wanted)


@endpoint(blueprint, "GET", f"{_PORTAL}/<identifier>", "billing_portal.ConfigurationRetrieveParams")
def retrieve_portal(account: Account, _params: Json, identifier: str) -> Json:
    """Retrieve a portal configuration."""
    return account.get(made.PORTAL, identifier)


@endpoint(blueprint, "POST", f"{_PORTAL}/<identifier>", "billing_portal.ConfigurationUpdateParams")
def update_portal(account: Account, params: Json, identifier: str) -> Json:
    """Change a portal configuration."""
    return account.put(made.changed_portal(account, account.get(made.PORTAL, identifier), params))


@endpoint(blueprint, "POST", _METHODS, "PaymentMethodConfigurationCreateParams")
def create_methods(account: Account, params: Json) -> Json:
    """Create a payment-method configuration, beside the account's default."""
    return _shown(account.put(made.new_methods(account, params)))


@endpoint(blueprint, "GET", _METHODS, "PaymentMethodConfigurationListParams")
def list_methods(account: Account, params: Json) -> Json:
    """List payment-method configurations."""
    found = page(account, made.METHODS, params, _METHODS)
    return found | {"data": [_shown(one) for one in found["data"]]}


@endpoint(blueprint, "GET", f"{_METHODS}/<identifier>", "PaymentMethodConfigurationRetrieveParams")
def retrieve_methods(account: Account, _params: Json, identifier: str) -> Json:
    """Retrieve a payment-method configuration."""
    return _shown(account.get(made.METHODS, identifier))


@endpoint(blueprint, "POST", f"{_METHODS}/<identifier>", "PaymentMethodConfigurationUpdateParams")
def update_methods(account: Account, params: Json, identifier: str) -> Json:
    """Change a payment-method configuration."""
    return _shown(account.put(made.changed_methods(account.get(made.METHODS, identifier), params)))


def _shown(configuration: Json) -> Json:
    return {key: value for key, value in configuration.items() if key != "start"}
