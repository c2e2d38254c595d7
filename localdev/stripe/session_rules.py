"""What Stripe refuses in a new checkout session although its types allow it."""

import re
from urllib.parse import urlsplit

from localdev.stripe.account import Account
from localdev.stripe.currencies import check_currency, check_step, check_total
from localdev.stripe.customers import living
from localdev.stripe.errors import ApiRefusal, Json, missing_param

_ONLY_IN = {
    "payment_intent_data": "payment",
    "customer_creation": "payment",
    "subscription_data": "subscription",
}
_INTERVALS = {"day": 1095, "week": 156, "month": 36, "year": 3}
_SHORTEST, _LONGEST = 1800, 86_400
_TEXT_LENGTH, _NAME_LENGTH, _REFERENCE_LENGTH = 1200, 250, 200


def check(account: Account, params: Json) -> None:
    """Refuse what cannot be a session.

    :raises ApiRefusal: 400, in Stripe's words where they are known.
    """
    mode = params.get("mode")
    if mode is None:
        raise missing_param("mode")
    if mode == "setup" or params.get("ui_mode", "hosted_page") != "hosted_page":
        raise ApiRefusal("The stand-in only plays hosted sessions in payment and subscription mode.", param="mode")
    _check_addresses(params)
    _check_customer(account, params)
    for name, only in _ONLY_IN.items():
        if name in params and mode != only:
            raise ApiRefusal(f"You can not pass `{name}` in `{mode}` mode.", param=name)
    _check_texts(params)
    expires = params.get("expires_at")
    if expires is not None and not _SHORTEST <= expires - account.now() <= _LONGEST:
        raise ApiRefusal(
            "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.",
            param="expires_at",
        )
    if not params.get("line_items"):
        raise missing_param("line_items")
    if "payment_method_configuration" in params:
        _check_methods(account, params["payment_method_configuration"])


def _check_methods(account: Account, identifier: str) -> None:
    name = "payment_method_configuration"
    if not account.get(name, identifier, param=name, status=400)["active"]:
        raise ApiRefusal(f"The payment method configuration {identifier} is inactive.", param=name)


def _check_addresses(params: Json) -> None:
    if not params.get("success_url"):
        raise missing_param("success_url")
    for name in ("success_url", "cancel_url"):
        address = params.get(name)
        if address is not None:
            check_url(address, name)


def check_url(address: str, param: str) -> None:
    """Refuse what is not an address a browser can go to.

    :raises ApiRefusal: 400 `url_invalid`.
    """
    parts = urlsplit(address.replace("{CHECKOUT_SESSION_ID}", "id"))
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"\s", address):
        raise ApiRefusal("Not a valid URL", code="url_invalid", param=param)


def _check_customer(account: Account, params: Json) -> None:
    customer = params.get("customer")
    if customer:
        for other in ("customer_email", "customer_creation"):
            if other in params:
                raise ApiRefusal(
                    f"You may only specify one of these parameters: customer, {other}.", param="customer"
                )
        found = living(account, customer, param="customer", status=400)
        currency = params["line_items"][0].get("price_data", {}).get("currency") if params.get("line_items") else None
        if params["mode"] == "subscription" and currency and found["currency"] not in (None, currency):
            raise ApiRefusal(
                "You cannot combine currencies on a single customer. This customer has an active subscription, "
                f"subscription schedule, discount, quote, or invoice item with currency {found['currency']}"
            )
    email = params.get("customer_email")
    if email is not None:
        check_email(email, "customer_email")


def check_email(email: str, param: str) -> None:
    """Refuse what cannot be an e-mail address.

    :raises ApiRefusal: 400 `email_invalid`.
    """
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", email) or not email.isascii():
        raise ApiRefusal(f"Invalid email address: {email}", code="email_invalid", param=param)


def _check_texts(params: Json) -> None:
    for name, text in (params.get("custom_text") or {}).items():
        if isinstance(text, dict) and len(text["message"]) > _TEXT_LENGTH:
            raise ApiRefusal(
                f"Invalid string: must be at most {_TEXT_LENGTH} characters", param=f"custom_text[{name}][message]"
            )
    if len(params.get("client_reference_id", "")) > _REFERENCE_LENGTH:
        raise ApiRefusal(
            f"Invalid string: must be at most {_REFERENCE_LENGTH} characters", param="client_reference_id"
        )


def check_line(item: Json, index: int, mode: str) -> None:
    """Refuse a line item that Stripe would not sell in this mode; only inline `price_data` is played.

    :raises ApiRefusal: 400.
    """
    here = f"line_items[{index}]"
    data = item.get("price_data")
    if data is None:
        raise missing_param(f"{here}[price_data]")
    if "quantity" not in item:
        raise missing_param(f"{here}[quantity]")
    if item["quantity"] < 1:
        raise _too_small(f"{here}[quantity]", 1)
    check_currency(data["currency"], f"{here}[price_data][currency]")
    if "unit_amount" not in data:
        raise missing_param(f"{here}[price_data][unit_amount]")
    if data["unit_amount"] < 0:
        raise _too_small(f"{here}[price_data][unit_amount]", 0)
    check_step(data["unit_amount"], data["currency"], f"{here}[price_data][unit_amount]")
    if "product" in data and "product_data" in data:
        raise ApiRefusal(
            "You may only specify one of these parameters: product, product_data.",
            param=f"{here}[price_data][product]",
        )
    name = "given" if "product" in data else data.get("product_data", {}).get("name")
    if not name:
        raise missing_param(f"{here}[price_data][product_data][name]")
    if len(name) > _NAME_LENGTH:
        raise ApiRefusal(
            f"Invalid string: must be at most {_NAME_LENGTH} characters",
            param=f"{here}[price_data][product_data][name]",
        )
    _check_interval(data.get("recurring"), mode, f"{here}[price_data][recurring]")


def _check_interval(recurring: Json | None, mode: str, param: str) -> None:
    if recurring is None:
        if mode == "subscription":
            raise ApiRefusal(
                "You must provide at least one recurring price in `subscription` mode when using prices.", param=param
            )
        return
    if mode == "payment":
        raise ApiRefusal("You specified `payment` mode but passed a recurring price.", param=param)
    check_interval_count(recurring, param)


def check_interval_count(recurring: Json, param: str) -> None:
    """Refuse a rhythm of more than three years.

    :raises ApiRefusal: 400.
    """
    count, most = recurring.get("interval_count", 1), _INTERVALS[recurring["interval"]]
    if not 1 <= count <= most:
        raise ApiRefusal(
            f"Invalid interval_count: must be between 1 and {most} for {recurring['interval']}",
            param=f"{param}[interval_count]",
        )


def check_sum(lines: list[Json]) -> tuple[int, str]:
    """The session's total in minor units and its currency.

    :raises ApiRefusal: 400 when currencies differ or the total is too small or too large.
    """
    currencies = {line["currency"] for line in lines}
    if len(currencies) > 1:
        raise ApiRefusal("All line items must have the same currency.", param="line_items")
    total, currency = sum(line["amount_total"] for line in lines), currencies.pop()
    check_total(total, currency)
    return total, currency


def _too_small(param: str, least: int) -> ApiRefusal:
    return ApiRefusal(
        f"This value must be greater than or equal to {least}.", code="parameter_invalid_integer", param=param
    )
