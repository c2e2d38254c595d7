"""A subscription's items as a change wants them: prices found or made, quantities, what is added and taken away."""

from localdev.stripe.account import Account
from localdev.stripe.currencies import check_amount, check_currency
from localdev.stripe.errors import ApiRefusal, Json, missing_param
from localdev.stripe.objects import prices
from localdev.stripe.objects.prices import plan
from localdev.stripe.objects.subscriptions import item as build_item
from localdev.stripe.objects.subscriptions import period
from localdev.stripe.params import merged_metadata
from localdev.stripe.session_rules import check_interval_count

_MOST = 20


def rhythm(subscription: Json) -> tuple[str, int]:
    """How often it is charged: `("month", 6)` is every six months."""
    recurring = subscription["items"]["data"][0]["price"]["recurring"]
    return recurring["interval"], recurring["interval_count"]


def costs(item: Json) -> tuple[str, int]:
    """What decides whether an item has changed: its price and how many."""
    return item["price"]["id"], item["quantity"]


def changed(account: Account, subscription: Json, wanted: list[Json]) -> list[Json]:
    """The items after a change. Another price means one of it unless a quantity is given, as Stripe does.

    :raises ApiRefusal: 400 for what does not fit together.
    """
    found = {one["id"]: one for one in subscription["items"]["data"]}
    for index, sent in enumerate(wanted):
        here = f"items[{index}]"
        known = _known(found, sent, subscription, here)
        if sent.get("deleted"):
            if known is None:
                raise missing_param(f"{here}[id]")
            del found[known["id"]]
        elif known is None:
            price = _price(account, subscription, sent, None, here)
            if price is None:
                raise missing_param(f"{here}[price]")
            made = _added(account, subscription, price, sent)
            found[made["id"]] = made
        else:
            found[known["id"]] = _changed(account, subscription, known, sent, here)
    _check(list(found.values()))
    return list(found.values())


def _check(found: list[Json]) -> None:
    if not found:
        raise ApiRefusal("A subscription must have at least one active plan.", param="items")
    if len(found) > _MOST:
        raise ApiRefusal(f"A subscription can have at most {_MOST} items.", param="items")
    if len({one["price"]["id"] for one in found}) < len(found):
        raise ApiRefusal(
            "Cannot update a Subscription to have multiple Subscription Items with the same Price.", param="items"
        )
    if (
        len({(one["price"]["recurring"]["interval"], one["price"]["recurring"]["interval_count"]) for one in found})
        > 1
    ):
        raise ApiRefusal("The stand-in plays one billing interval a subscription.", param="items")


def _known(found: dict[str, Json], sent: Json, subscription: Json, here: str) -> Json | None:
    identifier = sent.get("id")
    if identifier is None:
        return None
    if identifier not in found:
        raise ApiRefusal(
            f"No such subscription item: '{identifier}' on subscription {subscription['id']}",
            code="resource_missing",
            param=f"{here}[id]",
        )
    return found[identifier]


def _changed(account: Account, subscription: Json, known: Json, sent: Json, here: str) -> Json:
    price = _price(account, subscription, sent, known, here)
    other = price is not None and price["id"] != known["price"]["id"]
    quantity = _quantity(sent, 1 if other else known["quantity"], here)
    made = {**known, "quantity": quantity, "metadata": merged_metadata(known["metadata"], sent.get("metadata"))}
    return made | ({"price": price, "plan": plan(price)} if price is not None and other else {})


def _added(account: Account, subscription: Json, price: Json, sent: Json) -> Json:
    """A new item; its period starts now and ends with the others'."""
    end = period(subscription)[1]
    made = build_item(subscription["id"], price, _quantity(sent, 1, "items"), account.now(), end)
    start = period(subscription)[0]
    return made | {"current_period_start": start, "metadata": merged_metadata({}, sent.get("metadata"))}


def _quantity(sent: Json, otherwise: int, here: str) -> int:
    quantity: int = sent.get("quantity", otherwise)
    if quantity < 0:
        raise ApiRefusal(
            "This value must be greater than or equal to 0.",
            code="parameter_invalid_integer",
            param=f"{here}[quantity]",
        )
    return quantity


def _price(account: Account, subscription: Json, sent: Json, known: Json | None, here: str) -> Json | None:
    if "price" in sent and "price_data" in sent:
        raise ApiRefusal("You may only specify one of these parameters: price, price_data.", param=f"{here}[price]")
    if "price" in sent:
        price = account.get("price", sent["price"], param=f"{here}[price]", status=400)
        if not price["active"] and (known is None or known["price"]["id"] != price["id"]):
            raise ApiRefusal(
                "The price specified is inactive. This field only accepts active prices.", param=f"{here}[price]"
            )
    elif "price_data" in sent:
        price = inline_price(account, sent["price_data"], f"{here}[price_data]")
    else:
        return None
    if price["recurring"] is None:
        raise ApiRefusal(
            "The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.",
            param=f"{here}[price]",
        )
    if price["currency"] != subscription["currency"]:
        raise ApiRefusal(
            f"The price specified only supports `{price['currency']}`. This doesn't match the expected currency: "
            f"`{subscription['currency']}`.",
            param=f"{here}[price]",
        )
    return price


def sold(account: Account, product_id: str, param: str) -> Json:
    """A product that new prices may be made of.

    :raises ApiRefusal: 400 for no such product, or for an archived one where the account refuses those
        (`refuse_archived`): Stripe refuses new subscriptions of an inactive product, and whether it takes one in an
        inline price of an update is written nowhere.
    """
    product = account.get("product", product_id, param=param, status=400)
    if not product["active"] and account.store.note("products").get("refuse_archived"):
        raise ApiRefusal(
            f"The product {product_id} is marked as inactive, and thus no new prices can be made of it.", param=param
        )
    return product


def refuse_archived(account: Account, *, refused: bool = True) -> None:
    """Say whether inline prices of archived products are refused from now on."""
    account.store.write_note("products", refuse_archived=refused)


def inline_price(account: Account, data: Json, within: str) -> Json:
    """A price of a product that is there; inactive, as one made for a single use is. `within` names the parameter.

    :raises ApiRefusal: 400.
    """

    def named(name: str) -> str:
        return f"{within}[{name}]" if within else name

    check_currency(data["currency"], named("currency"))
    sold(account, data["product"], named("product"))
    if "unit_amount" not in data:
        raise missing_param(named("unit_amount"))
    if data.get("recurring"):
        check_interval_count(data["recurring"], named("recurring"))
        if data["unit_amount"] < 0:
            raise ApiRefusal(
                "This value must be greater than or equal to 0.",
                code="parameter_invalid_integer",
                param=named("unit_amount"),
            )
    check_amount(data["unit_amount"], data["currency"], named("unit_amount"))
    return account.put(prices.price(account.now(), data, data["product"]))
