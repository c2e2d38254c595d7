"""`/v1/…/search`: Stripe's query language is not played, and a call says so."""

from flask import Blueprint

from localdev.stripe.account import Account
from localdev.stripe.api.endpoint import endpoint
from localdev.stripe.errors import ApiRefusal, Json

blueprint = Blueprint("search", __name__)
# Every kind that Stripe can search: https://docs.stripe.com/search#supported-query-fields-for-each-resource.
_SEARCHED = {
    "charges": "ChargeSearchParams",
    "customers": "CustomerSearchParams",
    "invoices": "InvoiceSearchParams",
    "payment_intents": "PaymentIntentSearchParams",
    "prices": "PriceSearchParams",
    "products": "ProductSearchParams",
    "subscriptions": "SubscriptionSearchParams",
}


def _refuse(kind: str, params: str) -> None:
    @endpoint(blueprint, "GET", f"/v1/{kind}/search", params)
    def search(_account: Account, _params: Json) -> Json:
        """Search, which is refused: an answer that finds nothing would be believed."""
        raise ApiRefusal("The stand-in does not play search. List and filter instead.", param="query")


for _kind, _params in _SEARCHED.items():
    _refuse(_kind, _params)
