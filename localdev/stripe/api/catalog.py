"""/v1/products, /v1/prices, /v1/coupons and /v1/tax_rates: what an invoice can be made of."""

from flask import Blueprint

from localdev.stripe import discounts, items
from localdev.stripe.account import Account
from localdev.stripe.api.endpoint import endpoint
from localdev.stripe.api.lists import Condition, filters, page
from localdev.stripe.errors import Json, missing_param
from localdev.stripe.objects import prices as build
from localdev.stripe.params import merged_metadata

blueprint = Blueprint("catalog", __name__)


@endpoint(blueprint, "POST", "/v1/products", "ProductCreateParams")
def create_product(account: Account, params: Json) -> Json:
    """Create a product, active unless it is said otherwise."""
    made = account.put(build.product(account.now(), params) | {"active": params.get("active", True)})
    account.emit("product.created", made)
    return made


@endpoint(blueprint, "GET", "/v1/products/<identifier>", "ProductRetrieveParams")
def retrieve_product(account: Account, _params: Json, identifier: str) -> Json:
    """Retrieve a product."""
    return account.get("product", identifier)


@endpoint(blueprint, "GET", "/v1/products", "ProductListParams")
def list_products(account: Account, params: Json) -> Json:
    """List products, archived ones too unless `active` says else."""
    wanted: list[Condition] = []
    if "active" in params:
        wanted.append((f"json_extract(body, '$.active') = {int(params['active'])}", ()))
    return page(account, "product", params, "/v1/products", wanted)


@endpoint(blueprint, "POST", "/v1/products/<identifier>", "ProductUpdateParams")
def update_product(account: Account, params: Json, identifier: str) -> Json:
    """Change a product, or archive it (`active=false`); told as `product.updated`."""
    product = account.get("product", identifier)
    changes = {name: value for name, value in params.items() if name != "metadata"}
    changes["metadata"] = merged_metadata(product["metadata"], params.get("metadata"))
    if all(product[name] == value for name, value in changes.items()):
        return product
    return account.update("product.updated", product, **changes, updated=account.now())


@endpoint(blueprint, "POST", "/v1/prices", "PriceCreateParams")
def create_price(account: Account, params: Json) -> Json:
    """Create a price of a product, new or there already."""
    if "product_data" in params:
        product = account.put(build.product(account.now(), params["product_data"]) | {"active": True})["id"]
    elif params.get("product"):
        product = params["product"]
    else:
        raise missing_param("product")
    made = items.inline_price(account, {**params, "product": product}, "")
    more = {"active": params.get("active", True), "nickname": params.get("nickname")}
    made = account.put(made | more | {"metadata": params.get("metadata") or {}})
    account.emit("price.created", made)
    return made


@endpoint(blueprint, "GET", "/v1/prices", "PriceListParams")
def list_prices(account: Account, params: Json) -> Json:
    """List prices."""
    return page(account, "price", params, "/v1/prices", filters(params, product="product", currency="currency"))


@endpoint(blueprint, "GET", "/v1/prices/<identifier>", "PriceRetrieveParams")
def retrieve_price(account: Account, _params: Json, identifier: str) -> Json:
    """Retrieve a price."""
    return account.get("price", identifier, param="price")


@endpoint(blueprint, "POST", "/v1/coupons", "CouponCreateParams")
def create_coupon(account: Account, params: Json) -> Json:
    """Create a coupon."""
    return discounts.create_coupon(account, params)


@endpoint(blueprint, "GET", "/v1/coupons", "CouponListParams")
def list_coupons(account: Account, params: Json) -> Json:
    """List coupons."""
    return page(account, "coupon", params, "/v1/coupons")


@endpoint(blueprint, "GET", "/v1/coupons/<identifier>", "CouponRetrieveParams")
def retrieve_coupon(account: Account, _params: Json, identifier: str) -> Json:
    """Retrieve a coupon."""
    return account.get("coupon", identifier, param="coupon")


@endpoint(blueprint, "POST", "/v1/tax_rates", "TaxRateCreateParams")
def create_rate(account: Account, params: Json) -> Json:
    """Create a tax rate in per cent."""
    return discounts.create_rate(account, params)


@endpoint(blueprint, "GET", "/v1/tax_rates", "TaxRateListParams")
def list_rates(account: Account, params: Json) -> Json:
    """List tax rates."""
    return page(account, "tax_rate", params, "/v1/tax_rates")


@endpoint(blueprint, "GET", "/v1/tax_rates/<identifier>", "TaxRateRetrieveParams")
def retrieve_rate(account: Account, _params: Json, identifier: str) -> Json:
    """Retrieve a tax rate."""
    return account.get("tax_rate", identifier, param="tax_rate")
