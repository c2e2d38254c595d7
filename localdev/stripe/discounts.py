"""A coupon for the whole amount: the next invoice comes to nothing and is paid without a payment."""

from localdev.stripe import ids
from localdev.stripe.account import Account
from localdev.stripe.errors import Json

_COUPON = "SPILNO-FREE"


def give_next(account: Account, subscription: Json) -> None:
    """The next invoice of a subscription will be free of charge."""
    account.store.write_note(subscription["id"], free_next=True)


def make_free(account: Account, invoice: Json) -> None:
    """Put a 100 % discount on a draft: the subtotal stays, nothing is due."""
    discount = account.put(_discount(account, invoice))
    off = [{"amount": invoice["subtotal"], "discount": discount["id"]}]
    credit = [{**off[0], "type": "discount"}]
    line = {**invoice["lines"]["data"][0], "discount_amounts": off, "pretax_credit_amounts": credit}
    line["discounts"] = [discount["id"]]
    invoice["lines"] = {**invoice["lines"], "data": [line]}
    invoice |= {"amount_due": 0, "amount_remaining": 0, "total": 0, "total_excluding_tax": 0}
    invoice |= {"discounts": [discount["id"]], "total_discount_amounts": off, "total_pretax_credit_amounts": credit}
    account.put(invoice)


def _discount(account: Account, invoice: Json) -> Json:
    """Today's shape: the coupon is at `source.coupon`, no longer at `coupon`."""
    return {
        "id": ids.new("di"),
        "object": "discount",
        "checkout_session": None,
        "customer": invoice["customer"],
        "customer_account": None,
        "end": None,
        "invoice": invoice["id"],
        "invoice_item": None,
        "promotion_code": None,
        "source": {"coupon": _coupon(account)["id"], "type": "coupon"},
        "start": account.now(),
        "subscription": invoice["parent"]["subscription_details"]["subscription"],
        "subscription_item": None,
    }


def _coupon(account: Account) -> Json:
    known = account.store.get(_COUPON, "coupon")
    if known is not None:
        return known
    return account.put(
        {
            "id": _COUPON,
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
