"""Products, prices and the older plan shape, as inline `price_data` makes them."""

from localdev.stripe import ids
from localdev.stripe.errors import Json


def product(now: int, data: Json) -> Json:
    """An inline product (`product_data`): Stripe archives it at once, so that it cannot be sold again by mistake."""
    return {
        "id": ids.new("prod"),
        "object": "product",
        "active": False,
        "created": now,
        "default_price": None,
        "description": data.get("description"),
        "images": data.get("images", []),
        "livemode": False,
        "marketing_features": [],
        "metadata": data.get("metadata", {}),
        "name": data["name"],
        "package_dimensions": None,
        "shippable": None,
        "statement_descriptor": None,
        "tax_code": data.get("tax_code"),
        "tax_details": None,
        "type": "service",
        "unit_label": data.get("unit_label"),
        "updated": now,
        "url": None,
    }


def price(now: int, data: Json, product_id: str) -> Json:
    """An inline price; `unit_amount` in the currency's minor unit."""
    recurring = data.get("recurring")
    return {
        "id": ids.new("price"),
        "object": "price",
        "active": False,
        "billing_scheme": "per_unit",
        "created": now,
        "currency": data["currency"],
        "custom_unit_amount": None,
        "livemode": False,
        "lookup_key": None,
        "metadata": {},
        "nickname": None,
        "product": product_id,
        "recurring": recurring
        and {
            "interval": recurring["interval"],
            "interval_count": recurring.get("interval_count", 1),
            "meter": None,
            "trial_period_days": None,
            "usage_type": "licensed",
        },
        "tax_behavior": data.get("tax_behavior", "unspecified"),
        "tiers_mode": None,
        "transform_quantity": None,
        "type": "recurring" if recurring else "one_time",
        "unit_amount": data["unit_amount"],
        "unit_amount_decimal": str(data["unit_amount"]),
    }


def plan(of: Json) -> Json:
    """The plan that subscription items still carry beside their price."""
    return {
        "id": of["id"],
        "object": "plan",
        "active": of["active"],
        "amount": of["unit_amount"],
        "amount_decimal": of["unit_amount_decimal"],
        "billing_scheme": "per_unit",
        "created": of["created"],
        "currency": of["currency"],
        "interval": of["recurring"]["interval"],
        "interval_count": of["recurring"]["interval_count"],
        "livemode": False,
        "metadata": {},
        "meter": None,
        "nickname": None,
        "product": of["product"],
        "tiers_mode": None,
        "transform_usage": None,
        "trial_period_days": None,
        "usage_type": "licensed",
    }


def line_item(of: Json, quantity: int, name: str) -> Json:
    """A checkout session's line item."""
    total = of["unit_amount"] * quantity
    return {
        "id": ids.new("li"),
        "object": "item",
        "adjustable_quantity": None,
        "amount_discount": 0,
        "amount_subtotal": total,
        "amount_tax": 0,
        "amount_total": total,
        "currency": of["currency"],
        "description": name,
        "discounts": [],
        "metadata": {},
        "price": of,
        "quantity": quantity,
        "taxes": [],
    }


def listed(data: list[Json], url: str, *, has_more: bool = False) -> Json:
    """Stripe's list object."""
    return {"object": "list", "data": data, "has_more": has_more, "url": url}
