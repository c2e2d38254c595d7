"""Odd invoices: what a subscription costs is changed, a coupon, tax, something beside the gift, credit."""

from typing import Any

from localdev.stripe import changing, credit, discounts, extras
from localdev.stripe.account import Account
from localdev.stripe.controls.calls import control, told
from localdev.stripe.controls.forms import Change, Coupon, Credit, Extra, Tax
from localdev.stripe.currencies import check_amount, check_currency
from localdev.stripe.customers import living
from localdev.stripe.errors import Json
from localdev.stripe.objects.subscriptions import period


@control("/subscriptions/<identifier>/change", Change)
def change(account: Account, form: Change, identifier: str) -> Json:
    """Another amount, rhythm or quantity, as the dashboard does it; the first item is meant."""
    with account.change() as events:
        subscription = account.get("subscription", identifier)
        wish = changing.Wish(
            items=[_item(form, subscription["items"]["data"][0])],
            proration="none" if form.at_period_end else form.proration,
            trial_end=period(subscription)[1] if form.at_period_end else None,
        )
        after = changing.change(account, subscription, wish)
    item = after["items"]["data"][0]
    return {
        "subscription": identifier,
        "status": after["status"],
        "price": item["price"]["id"],
        "amount": item["price"]["unit_amount"],
        "quantity": item["quantity"],
        "current_period_end": item["current_period_end"],
        "invoice": after["latest_invoice"],
        "events": told(account, events),
    }


def _item(form: Change, item: Json) -> Json:
    price = item["price"]
    recurring = {
        "interval": form.interval or price["recurring"]["interval"],
        # Another unit counts from one: yearly is not every six years because it was every six months.
        "interval_count": form.interval_count or (1 if form.interval else price["recurring"]["interval_count"]),
    }
    wanted: dict[str, Any] = {
        "currency": price["currency"],
        "product": price["product"],
        "recurring": recurring,
        "unit_amount": price["unit_amount"] if form.amount is None else form.amount,
    }
    same = wanted["unit_amount"] == price["unit_amount"] and recurring.items() <= price["recurring"].items()
    quantity = item["quantity"] if form.quantity is None else form.quantity
    return {"id": item["id"], "quantity": quantity} | ({} if same else {"price_data": wanted})


@control("/subscriptions/<identifier>/coupon", Coupon)
def coupon(account: Account, form: Coupon, identifier: str) -> Json:
    """A coupon of its own becomes the subscription's only discount."""
    with account.change() as events:
        subscription = account.get("subscription", identifier)
        given: Json = {"percent_off": form.percent_off, "duration": form.duration, "duration_in_months": form.months}
        if form.amount_off is not None:
            given |= {"amount_off": form.amount_off, "currency": subscription["currency"]}
        made = discounts.create_coupon(account, given)
        discount = discounts.attach(account, subscription, made["id"])
        account.update("customer.subscription.updated", subscription, discounts=[discount["id"]])
    return {
        "subscription": identifier,
        "coupon": made["id"],
        "discount": discount["id"],
        "events": told(account, events),
    }


@control("/subscriptions/<identifier>/tax", Tax)
def tax(account: Account, form: Tax, identifier: str) -> Json:
    """A tax rate on every invoice from now on."""
    with account.change() as events:
        subscription = account.get("subscription", identifier)
        named = {"display_name": "VAT", "inclusive": form.inclusive, "percentage": form.percentage}
        rates = [discounts.create_rate(account, named)] if form.percentage else []
        account.update("customer.subscription.updated", subscription, default_tax_rates=rates)
    return {
        "subscription": identifier,
        "tax_rates": [rate["id"] for rate in rates],
        "events": told(account, events),
    }


@control("/subscriptions/<identifier>/invoice-item", Extra)
def extra(account: Account, form: Extra, identifier: str) -> Json:
    """Something stands on the next invoice beside the gift."""
    with account.change() as events:
        made = extras.create(account, {"subscription": identifier, **form.model_dump()})
    return {"subscription": identifier, "invoice_item": made["id"], "events": told(account, events)}


@control("/customers/<identifier>/credit", Credit)
def give_credit(account: Account, form: Credit, identifier: str) -> Json:
    """A credit by hand, which the next invoices take along."""
    with account.change() as events:
        customer = living(account, identifier)
        currency = form.currency or customer["currency"] or "eur"
        check_currency(currency, "currency")
        check_amount(form.amount, currency, "amount")
        moved = credit.move(account, customer, -form.amount, currency, description=form.description)
    return {
        "customer": identifier,
        "balance": customer["balance"],
        "balance_transaction": moved["id"],
        "events": told(account, events),
    }
