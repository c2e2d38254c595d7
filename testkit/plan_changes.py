"""Odd invoices at Stripe, as hands on the double: changes of a gift, coupons, credit, tax, other goods."""

from collections.abc import Callable
from typing import Any

from localdev.stripe import changing, credit, discounts
from localdev.stripe.account import Account
from localdev.stripe.objects import invoice_items
from testkit.harness import Harness
from testkit.webhooks import Json

DAY = 86_400


def subscription_of(harness: Harness) -> Json:
    """The newest subscription, as it stands at Stripe."""
    return dict(harness.stripe.of("subscription")[-1])


def later(harness: Harness, days: int) -> None:
    """Some days pass, for everybody."""
    harness.pass_time(days * DAY)


def changes(
    harness: Harness,
    amount: int,
    *,
    interval: str = "month",
    count: int = 1,
    proration: Any = "create_prorations",
    **more: Any,
) -> list[Json]:
    """The gift itself is changed, in Stripe's dashboard or by its API."""
    item = subscription_of(harness)["items"]["data"][0]
    price = {
        "currency": item["price"]["currency"],
        "product": item["price"]["product"],
        "recurring": {"interval": interval, "interval_count": count},
        "unit_amount": amount,
    }
    return _changed(harness, changing.Wish([{"id": item["id"], "price_data": price}], proration, **more))


def adds_item(harness: Harness, amount: int, **more: Any) -> list[Json]:
    """A second item beside the first."""
    first = subscription_of(harness)["items"]["data"][0]["price"]
    price = {name: first[name] for name in ("currency", "product")} | {"unit_amount": amount}
    price["recurring"] = {"interval": first["recurring"]["interval"], "interval_count": 1}
    return _changed(harness, changing.Wish([{"price_data": price}], **more))


def _changed(harness: Harness, wish: changing.Wish) -> list[Json]:
    name = subscription_of(harness)["id"]
    return harness.stripe.happens(lambda it: changing.change(it, it.get("subscription", name), wish))


def coupon(harness: Harness, percent: int, duration: str = "once") -> list[Json]:
    """A part of the next invoices is let off."""
    name = subscription_of(harness)["id"]

    def work(account: Account) -> None:
        made = discounts.create_coupon(account, {"percent_off": percent, "duration": duration})
        running = account.get("subscription", name)
        account.put(running | {"discounts": [discounts.attach(account, running, made["id"])["id"]]})

    return harness.stripe.happens(work)


def has_credit(harness: Harness, amount: int) -> list[Json]:
    """The customer's balance pays for the next invoices, as far as it reaches."""
    running = subscription_of(harness)
    customer = running["customer"]
    return harness.stripe.happens(
        lambda it: credit.move(it, it.get("customer", customer), -amount, running["currency"], type="adjustment")
    )


def taxed(harness: Harness, percent: int) -> list[Json]:
    """Tax on top of every amount from now on."""
    name = subscription_of(harness)["id"]

    def work(account: Account) -> None:
        rate = discounts.create_rate(account, {"display_name": "VAT", "percentage": percent, "inclusive": False})
        running = account.get("subscription", name)
        account.put(running | {"default_tax_rates": [rate]})

    return harness.stripe.happens(work)


def buys(harness: Harness, amount: int) -> list[Json]:
    """Something else stands on the next invoice, such as a book."""
    running = subscription_of(harness)
    start = harness.stripe.account.seconds
    item = {
        "description": "A book",
        "parent": {
            "subscription_details": {"subscription": running["id"]},
            "type": "subscription_details",
        },
        "period": {"start": start, "end": start},
        "pricing": {
            "price_details": {"price": "price_book", "product": "prod_book"},
            "type": "price_details",
            "unit_amount_decimal": str(amount),
        },
        "proration": False,
    }

    def work(account: Account) -> None:
        made = invoice_items.invoice_item(start, running["customer"], amount, running["currency"], **item)
        account.put(made)

    return harness.stripe.happens(work)


def renews(harness: Harness) -> list[Json]:
    """The next payment is due, and taken."""
    events = harness.stripe.renew(str(subscription_of(harness)["id"]))
    harness.pass_time(max(0, harness.stripe.account.seconds - harness.clock.business))
    return events


Step = Callable[[Harness], list[Json]]
