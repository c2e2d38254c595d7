"""The lines of an invoice: a subscription item's period, a proration, or anything else that was put on it.

Shapes as recorded of Stripe at 2026-08-26.dahlia: a proration names its subscription item and the invoice item behind
it, has no unit amount, and is never discounted; what was put on by hand names its invoice item alone.
"""

from decimal import Decimal

from localdev.stripe import ids
from localdev.stripe.currencies import exponent
from localdev.stripe.errors import Json

_SIGNS = {"eur": "€", "gbp": "£", "usd": "$"}


def of_period(subscription: Json, item: Json, name: str, *, trial: bool = False) -> Json:
    """What an item costs for its current period; a trial's period costs nothing."""
    price, quantity = item["price"], item["quantity"]
    unit = 0 if trial else price["unit_amount"]
    what = f"Free trial for {quantity} × {name}" if trial else f"{quantity} × {name} (at {_price(price)})"
    line = _line(unit * quantity, subscription["currency"], what, _span(item), quantity)
    return line | {
        "metadata": dict(subscription["metadata"]),
        "parent": _of_subscription(subscription["id"], item["id"]),
        "pricing": _pricing(price["id"], price["product"], str(unit)),
        "subscription": subscription["id"],
    }


def of_invoice_item(one: Json) -> Json:
    """What an invoice item puts on the invoice that takes it along."""
    details = (one["parent"] or {}).get("subscription_details") or {}
    owner, item = details.get("subscription"), details.get("subscription_item")
    line = _line(one["amount"], one["currency"], one["description"], dict(one["period"]), one["quantity"])
    if one["proration"]:
        parent = _of_subscription(owner, item)
        parent["subscription_item_details"] |= {
            "invoice_item": one["id"],
            "proration": True,
            "proration_details": {"credited_items": _credited(one)},
        }
    else:
        about = {"invoice_item": one["id"], "proration": False, "proration_details": {"credited_items": None}}
        parent = {
            "invoice_item_details": about | {"subscription": owner},
            "subscription_item_details": None,
            "type": "invoice_item_details",
        }
    return line | {
        "discountable": one["discountable"],
        "metadata": dict(one["metadata"]),
        "parent": parent,
        "pricing": {**one["pricing"], "price_details": dict(one["pricing"]["price_details"])},
        "subscription": owner,
    }


def is_proration(line: Json) -> bool:
    """Whether a line corrects what was billed before, up or down."""
    details = line["parent"]["subscription_item_details"]
    return bool(details and details["proration"])


def amount_words(amount: int, currency: str) -> str:
    """`500, "eur"` -> `€5.00`."""
    digits = exponent(currency)
    number = f"{Decimal(amount).scaleb(-digits):,.{digits}f}"
    return f"{_SIGNS[currency]}{number}" if currency in _SIGNS else f"{currency.upper()} {number}"


def _price(price: Json) -> str:
    recurring = price["recurring"]
    count, unit = recurring["interval_count"], recurring["interval"]
    each = unit if count == 1 else f"{count} {unit}s"
    return f"{amount_words(price['unit_amount'], price['currency'])} / {each}"


def _credited(one: Json) -> Json | None:
    """The debit that a credit takes back, where it stood on an invoice already."""
    credited = (one.get("proration_details") or {}).get("credited_items") or {}
    found: Json | None = credited.get("invoice_line_item_details")
    return None if found is None else dict(found)


def _of_subscription(subscription: str | None, item: str | None) -> Json:
    return {
        "invoice_item_details": None,
        "subscription_item_details": {
            "invoice_item": None,
            "proration": False,
            "proration_details": {"credited_items": None},
            "subscription": subscription,
            "subscription_item": item,
        },
        "type": "subscription_item_details",
    }


def _pricing(price: str, product: str, unit: str | None) -> Json:
    details = {"price": price, "product": product}
    return {"price_details": details, "type": "price_details", "unit_amount_decimal": unit}


def _span(item: Json) -> Json:
    return {"end": item["current_period_end"], "start": item["current_period_start"]}


def _line(amount: int, currency: str, description: str | None, period: Json, quantity: int) -> Json:
    return {
        "id": ids.new("il"),
        "object": "line_item",
        "amount": amount,
        "currency": currency,
        "description": description,
        "discount_amounts": [],
        "discountable": True,
        "discounts": [],
        "invoice": None,
        "livemode": False,
        "period": period,
        "pretax_credit_amounts": [],
        "quantity": quantity,
        "quantity_decimal": str(quantity),
        "subtotal": amount,
        "taxes": [],
    }
