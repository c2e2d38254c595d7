"""What is put on a customer's next invoice beside what recurs: https://docs.stripe.com/api/invoiceitems."""

from localdev.stripe import items
from localdev.stripe.account import Account
from localdev.stripe.currencies import check_amount, check_currency
from localdev.stripe.customers import living
from localdev.stripe.ending import ENDED
from localdev.stripe.errors import ApiRefusal, Json, missing_object, missing_param
from localdev.stripe.objects import prices
from localdev.stripe.objects.invoice_items import invoice_item
from localdev.stripe.params import merged_metadata


def create(account: Account, params: Json) -> Json:
    """An invoice item that waits for the next invoice; told as `invoiceitem.created`. Amounts in minor units.

    :raises ApiRefusal: 400 for another currency than the customer's, an unknown price, an amount out of bounds.
    """
    subscription = _subscription(account, params)
    customer = _customer(account, params, subscription)
    price, quantity = _price(account, params, customer), params.get("quantity", 1)
    if quantity < 0:
        raise ApiRefusal(
            "This value must be greater than or equal to 0.", code="parameter_invalid_integer", param="quantity"
        )
    expected = subscription["currency"] if subscription else customer["currency"]
    if expected not in (None, price["currency"]):
        raise ApiRefusal(
            "You cannot combine currencies on a single customer. This customer has an active subscription, "
            f"subscription schedule, discount, quote, or invoice item with currency {expected}",
            param="currency",
        )
    amount = price["unit_amount"] * quantity
    check_amount(amount, price["currency"], "amount")
    details = {"subscription": subscription["id"]} if subscription else None
    made = account.put(
        invoice_item(
            account.now(),
            customer["id"],
            amount,
            price["currency"],
            description=params.get("description"),
            discountable=params.get("discountable", amount >= 0),
            metadata=merged_metadata({}, params.get("metadata")),
            parent=details and {"subscription_details": details, "type": "subscription_details"},
            period=params.get("period"),
            pricing={
                "price_details": {"price": price["id"], "product": price["product"]},
                "type": "price_details",
                "unit_amount_decimal": price["unit_amount_decimal"],
            },
            quantity=quantity,
        )
    )
    account.emit("invoiceitem.created", made)
    return made


def delete(account: Account, item: Json) -> Json:
    """Take back what still waits; told as `invoiceitem.deleted`.

    :raises ApiRefusal: 400 when it stands on an invoice already.
    """
    if item["invoice"]:
        raise ApiRefusal("This invoice item is attached to an invoice and can no longer be deleted.")
    account.store.run("DELETE FROM objects WHERE id = ?", item["id"])
    account.emit("invoiceitem.deleted", item)
    return {"id": item["id"], "object": "invoiceitem", "deleted": True}


def _subscription(account: Account, params: Json) -> Json | None:
    if "subscription" not in params:
        return None
    found = account.get("subscription", params["subscription"], param="subscription", status=400)
    if found["status"] in ENDED:
        raise missing_object("subscription", found["id"], "subscription", 400)
    return found


def _customer(account: Account, params: Json, subscription: Json | None) -> Json:
    wanted = params.get("customer") or (subscription or {}).get("customer")
    if not wanted:
        raise missing_param("customer")
    if subscription and wanted != subscription["customer"]:
        raise ApiRefusal("The subscription does not belong to this customer.", param="subscription")
    return living(account, wanted, param="customer", status=400)


def _price(account: Account, params: Json, customer: Json) -> Json:
    """The one-off price behind it; an amount by itself makes one, as it does at Stripe."""
    given = [name for name in ("amount", "price_data", "pricing") if name in params]
    if len(given) != 1:
        raise ApiRefusal("You must pass exactly one of the following: amount, price_data, pricing.")
    if "pricing" in params:
        price = account.get("price", params["pricing"].get("price", ""), param="pricing[price]", status=400)
        if price["recurring"]:
            raise ApiRefusal(
                "The price specified is set to `type=recurring` but this field only accepts prices with "
                "`type=one_time`.",
                param="pricing[price]",
            )
        return price
    if "price_data" in params:
        return items.inline_price(account, params["price_data"], "price_data")
    currency = params.get("currency") or customer["currency"]
    if not currency:
        raise missing_param("currency")
    check_currency(currency, "currency")
    product = account.put(prices.product(account.now(), {"name": params.get("description") or "Invoice item"}))
    made = {"currency": currency, "unit_amount": params["amount"]}
    return account.put(prices.price(account.now(), made, product["id"]))
