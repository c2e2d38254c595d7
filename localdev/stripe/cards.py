"""Customers' payment methods: what a subscription is charged to, new cards, cards that expire or refuse.

The portal's flow for a new card attaches it and makes it the *customer's* default; a subscription that has a method
of its own goes on being charged to that one: https://docs.stripe.com/customer-management/portal-deep-links. A card of
which nothing else was said works until the month in which it expires is over.
"""

from datetime import UTC, datetime
from typing import Literal

from localdev.stripe.account import Account
from localdev.stripe.errors import Json
from localdev.stripe.objects import customers
from localdev.stripe.objects.payments import DECLINED, EXPIRED, Refusal
from localdev.stripe.payments import Step

Says = Literal["succeeds", "fails", "needs_action", "delayed"]
_STEP: dict[str, Step] = {"fails": "declined", "needs_action": "needs_action", "delayed": "pending"}


def charged(account: Account, subscription: Json) -> str | None:
    """What the subscription is charged to: its own method, else the customer's."""
    own: str | None = subscription["default_payment_method"]
    if own is not None:
        return own
    customer = account.get("customer", subscription["customer"])
    found: str | None = customer["invoice_settings"]["default_payment_method"]
    return found


def would(account: Account, method: Json) -> tuple[Step, Refusal | None]:
    """How a charge of this method ends by itself, and why it is refused."""
    if is_over(account, method):
        return "declined", EXPIRED
    step = _STEP.get(account.store.note(method["id"]).get("says", ""), "succeeded")
    return step, DECLINED if step == "declined" else None


def is_over(account: Account, method: Json) -> bool:
    """Whether it is a card whose last month has passed."""
    if method["type"] != "card":
        return False
    today = datetime.fromtimestamp(account.now(), UTC)
    return (method["card"]["exp_year"], method["card"]["exp_month"]) < (today.year, today.month)


def tell(account: Account, method: str, says: Says) -> None:
    """Say how charges of a method end from now on."""
    account.store.write_note(method, says=says)


def add(account: Account, customer: Json, *, last4: str = "4242", expires: tuple[int, int] = (2034, 12)) -> Json:
    """A new card of a customer, told as `payment_method.attached`; `expires` is year and month."""
    billing = customers.billing_details(customer["email"], customer["name"], "DE")
    made = customers.payment_method(account.now(), "card", last4, billing, customer["id"])
    year, month = expires
    made["card"] |= {"exp_year": year, "exp_month": month}
    account.put(made)
    account.emit("payment_method.attached", made)
    return made


def enter(account: Account, customer: Json, *, last4: str = "4242", expires: tuple[int, int] = (2034, 12)) -> Json:
    """What the portal's page for a new card does: a new card, and it is the customer's default. Answers the card."""
    made = add(account, customer, last4=last4, expires=expires)
    make_default(account, customer, made["id"])
    return made


def make_default(account: Account, customer: Json, method: str | None) -> Json:
    """Make a method the customer's default; told as `customer.updated`."""
    settings = {**customer["invoice_settings"], "default_payment_method": method}
    if settings == customer["invoice_settings"]:
        return customer
    changed = account.update("customer.updated", customer, invoice_settings=settings)
    for one in account.store.find("subscription", customer=customer["id"]):
        if one["default_payment_method"] is None:
            forget_trouble(account, one["id"])
    return changed


def forget_trouble(account: Account, subscription_id: str) -> None:
    """What was said of the method before does not hold for another one."""
    account.store.write_note(subscription_id, action=False, fails=False, gone=False, slow=False)


def changes_by_itself(account: Account, method: Json, *, expires: tuple[int, int], last4: str | None = None) -> Json:
    """The bank sends a new card and the network tells Stripe; told as `payment_method.automatically_updated`."""
    year, month = expires
    card = method["card"] | {"exp_year": year, "exp_month": month, "last4": last4 or method["card"]["last4"]}
    return account.update("payment_method.automatically_updated", method, card=card)


def replace_card(account: Account, subscription: Json) -> None:
    """A card of the subscription's own where it has none that could be charged."""
    if charged(account, subscription) is None:
        made = add(account, account.get("customer", subscription["customer"]))
        account.update("customer.subscription.updated", subscription, default_payment_method=made["id"])


def remove_card(account: Account, subscription: Json) -> None:
    """The payer takes their card away: nothing is left that could be charged. Told as `payment_method.detached`."""
    customer = account.get("customer", subscription["customer"])
    for method_id in {subscription["default_payment_method"], customer["invoice_settings"]["default_payment_method"]}:
        if method_id is not None:
            method = account.get("payment_method", method_id)
            account.update("payment_method.detached", method, customer=None)
    settings = {**customer["invoice_settings"], "default_payment_method": None}
    account.put(customer | {"invoice_settings": settings})
    if subscription["default_payment_method"] is not None:
        account.update("customer.subscription.updated", subscription, default_payment_method=None)
