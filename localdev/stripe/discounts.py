"""Coupons, the discounts that they become on a subscription, and the tax rates of an invoice.

A coupon for once is gone after the first invoice that it takes something off; one for some months after these; both
wait through a trial: https://docs.stripe.com/billing/subscriptions/coupons.
"""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from localdev.stripe import ids
from localdev.stripe.account import Account
from localdev.stripe.currencies import check_amount, check_currency
from localdev.stripe.errors import ApiRefusal, Json, missing_param
from localdev.stripe.periods import boundary
from localdev.stripe.totals import Cut, Rate

_FREE = "SPILNO-FREE"


def create_coupon(account: Account, params: Json) -> Json:
    """A coupon; told as `coupon.created`.

    :raises ApiRefusal: 400 unless exactly one of `percent_off` and `amount_off` (with `currency`) is given.
    """
    percent, amount = params.get("percent_off"), params.get("amount_off")
    if (percent is None) == (amount is None):
        raise ApiRefusal("You must pass exactly one of the following: percent_off, amount_off.")
    if percent is not None and not 0 < percent <= 100:  # noqa: PLR2004 - per cent
        raise ApiRefusal("Invalid percent_off: must be greater than 0 and at most 100.", param="percent_off")
    if amount is not None and amount < 1:
        raise ApiRefusal(
            "This value must be greater than or equal to 1.", code="parameter_invalid_integer", param="amount_off"
        )
    if amount is not None:
        if not params.get("currency"):
            raise missing_param("currency")
        check_currency(params["currency"], "currency")
        check_amount(amount, params["currency"], "amount_off")
    duration, months = params.get("duration", "once"), params.get("duration_in_months")
    if (duration == "repeating") != (months is not None):
        raise ApiRefusal(
            "duration_in_months goes with duration=repeating, and only with it.", param="duration_in_months"
        )
    identifier = params.get("id") or ids.new("coupon").removeprefix("coupon_")[:8]
    if account.store.get(identifier) is not None:
        raise ApiRefusal("Coupon already exists.", code="resource_already_exists", param="id")
    made = account.put(
        {
            "id": identifier,
            "object": "coupon",
            "amount_off": amount,
            "created": account.now(),
            "currency": params.get("currency"),
            "duration": duration,
            "duration_in_months": months,
            "livemode": False,
            "max_redemptions": None,
            "metadata": params.get("metadata") or {},
            "name": params.get("name"),
            "percent_off": percent,
            "redeem_by": None,
            "times_redeemed": 0,
            "valid": True,
        }
    )
    account.emit("coupon.created", made)
    return made


def attach(account: Account, subscription: Json, coupon_id: str) -> Json:
    """A coupon becomes a discount of this subscription; told as `customer.discount.created`.

    :raises ApiRefusal: 400 for no such coupon, or one in another currency. The caller puts it on the subscription.
    """
    coupon = account.get("coupon", coupon_id, param="discounts[0][coupon]", status=400)
    if coupon["currency"] not in (None, subscription["currency"]):
        raise ApiRefusal(
            f"The coupon is in {coupon['currency']}, the subscription in {subscription['currency']}.",
            param="discounts[0][coupon]",
        )
    months = coupon["duration_in_months"]
    end = boundary(account.now(), "month", 1, months) if months else None
    made = account.put(_discount(account, coupon["id"], subscription, end=end))
    account.put(coupon | {"times_redeemed": coupon["times_redeemed"] + 1})
    account.emit("customer.discount.created", made)
    return made


def due(account: Account, subscription: Json, invoice: Json) -> list[Cut]:
    """What comes off an invoice made now: the subscription's discounts, and a month given away."""
    _drop_ended(account, subscription)
    found = [_cut(account, one) for one in subscription["discounts"]]
    if account.store.note(subscription["id"]).get("free_next") and invoice["billing_reason"] == "subscription_cycle":
        account.store.write_note(subscription["id"], free_next=False)
        given = _discount(account, _free_coupon(account)["id"], subscription, invoice=invoice["id"])
        found.append(_cut(account, account.put(given)["id"]))
    return found


def use_up(account: Account, subscription: Json, taken: list[Json]) -> None:
    """Discounts for once that took something off are no longer the subscription's."""
    used = {one["discount"] for one in taken if one["amount"]}
    kept = [
        one for one in subscription["discounts"] if one not in used or _coupon_of(account, one)["duration"] != "once"
    ]
    subscription["discounts"] = kept


def share_left(account: Account, subscription: Json) -> Fraction:
    """How much of a price is paid under the subscription's lasting discounts in per cent: between 0 and 1."""
    _drop_ended(account, subscription)
    left = Fraction(1)
    for one in subscription["discounts"]:
        coupon = _coupon_of(account, one)
        if coupon["percent_off"] is not None and coupon["duration"] != "once":
            left *= 1 - Fraction(str(coupon["percent_off"])) / 100
    return left


def rates_of(subscription: Json) -> list[Rate]:
    """The tax rates of a subscription's invoices."""
    return [
        Rate(one["id"], Decimal(str(one["percentage"])), inclusive=one["inclusive"])
        for one in subscription["default_tax_rates"]
    ]


def create_rate(account: Account, params: Json) -> Json:
    """A tax rate in per cent; told as `tax_rate.created`."""
    if not 0 <= params["percentage"] <= 100:  # noqa: PLR2004 - per cent
        raise ApiRefusal("Invalid percentage: must be between 0 and 100.", param="percentage")
    given = {key: params.get(key) for key in ("country", "description", "jurisdiction", "state", "tax_type")}
    made = account.put(
        {
            "id": ids.new("txr"),
            "object": "tax_rate",
            "active": params.get("active", True),
            "created": account.now(),
            "display_name": params["display_name"],
            "effective_percentage": None,
            "flat_amount": None,
            "inclusive": params["inclusive"],
            "jurisdiction_level": None,
            "livemode": False,
            "metadata": params.get("metadata") or {},
            "percentage": params["percentage"],
            "rate_type": "percentage",
            **given,
        }
    )
    account.emit("tax_rate.created", made)
    return made


def give_next(account: Account, subscription: Json) -> None:
    """The next invoice of a subscription will be free of charge."""
    account.store.write_note(subscription["id"], free_next=True)


def _drop_ended(account: Account, subscription: Json) -> None:
    now = account.now()
    found = [account.get("discount", one) for one in subscription["discounts"]]
    subscription["discounts"] = [one["id"] for one in found if one["end"] is None or one["end"] >= now]


def _cut(account: Account, discount_id: str) -> Cut:
    coupon = _coupon_of(account, discount_id)
    percent = coupon["percent_off"]
    return Cut(discount_id, None if percent is None else Decimal(str(percent)), coupon["amount_off"])


def _coupon_of(account: Account, discount_id: str) -> Json:
    return account.get("coupon", account.get("discount", discount_id)["source"]["coupon"])


def _discount(account: Account, coupon: str, subscription: Json, **given: Any) -> Json:
    """Today's shape: the coupon is at `source.coupon`, no longer at `coupon`."""
    return {
        "id": ids.new("di"),
        "object": "discount",
        "checkout_session": None,
        "customer": subscription["customer"],
        "customer_account": None,
        "end": None,
        "invoice": None,
        "invoice_item": None,
        "promotion_code": None,
        "source": {"coupon": coupon, "type": "coupon"},
        "start": account.now(),
        "subscription": subscription["id"],
        "subscription_item": None,
    } | given


def _free_coupon(account: Account) -> Json:
    known = account.store.get(_FREE, "coupon")
    if known is not None:
        return known
    return account.put(
        {
            "id": _FREE,
            "object": "coupon",
            "amount_off": None,
            "created": account.now(),
            "currency": None,
            "duration": "once",
            "duration_in_months": None,
            "livemode": False,
            "max_redemptions": None,
            "metadata": {},
            "name": "A month as a present",
            "percent_off": 100,
            "redeem_by": None,
            "times_redeemed": 1,
            "valid": True,
        }
    )
