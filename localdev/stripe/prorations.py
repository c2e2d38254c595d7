"""What a change within a paid period is worth: a credit for the unused time, a debit for the rest of it.

A credit takes back what was billed, not what the price is now (flexible billing mode:
https://docs.stripe.com/billing/subscriptions/prorations#credit-prorations); so the debits that stand are remembered
per item. Every amount is rounded down, a credit away from zero (recorded: 20.00 to 10.00 at a third is -6.67 +3.33).
"""

from datetime import UTC, datetime
from fractions import Fraction

from localdev.stripe import discounts
from localdev.stripe.account import Account
from localdev.stripe.currencies import step
from localdev.stripe.errors import Json
from localdev.stripe.objects import invoice_items as build
from localdev.stripe.objects.lines import is_proration
from localdev.stripe.objects.subscriptions import period
from localdev.stripe.totals import net_of


def remember(account: Account, subscription: Json, lines: list[Json]) -> None:
    """These lines are what the subscription's items are billed for from now on."""
    billed: Json = {}
    for line in lines:
        item = line["parent"]["subscription_item_details"]["subscription_item"]
        billed[item] = [_debit(net_of(line), line) | {"invoice": line["invoice"], "line": line["id"]}]
    account.store.write_note(subscription["id"], billed=billed)


def now_on(account: Account, subscription_id: str, invoice_item: str, invoice: str, line: str) -> None:
    """A debit that waited stands on an invoice now."""
    billed = account.store.note(subscription_id).get("billed", {})
    for one in (one for debits in billed.values() for one in debits):
        if one.get("invoice_item") == invoice_item:
            one |= {"invoice": invoice, "line": line}
            account.store.write_note(subscription_id, billed=billed)


def take(account: Account, subscription: Json, item: str) -> list[Json]:
    """What stands as billed for an item, which is not billed any more from now on."""
    billed = _billed(account, subscription)
    held: list[Json] = billed.pop(item, [])
    account.store.write_note(subscription["id"], billed=billed)
    return held


def give_back(account: Account, subscription: Json, item: str, held: list[Json], at: int) -> None:
    """A credit for what was billed (`held`) of an item from `at` on; told as `invoiceitem.created`."""
    for debit in held:
        left = debit["end"] - max(at, debit["start"])
        if left <= 0 or debit["end"] == debit["start"]:
            continue
        amount = _down(Fraction(-debit["amount"] * left, debit["end"] - debit["start"]), subscription["currency"])
        words = f"Unused time on {_counted(debit['quantity'], debit['name'])}{_after(at)}"
        _put(account, subscription, item, amount, debit | {"start": max(at, debit["start"])}, words, debit)


def charge_rest(account: Account, subscription: Json, item: Json, at: int) -> None:
    """A debit for an item as it is now, from `at` to the end of the period; told as `invoiceitem.created`."""
    start, end = period(subscription)
    name, quantity = name_of(account, item["price"]), item["quantity"]
    whole = item["price"]["unit_amount"] * quantity * discounts.share_left(account, subscription)
    amount = _down(whole * Fraction(end - at, end - start), subscription["currency"])
    debit = {"amount": amount, "start": at, "end": end, "quantity": quantity, "name": name}
    debit |= {"price": item["price"]["id"], "product": item["price"]["product"]}
    words = f"Remaining time on {_counted(quantity, name)}{_after(at)}"
    made = _put(account, subscription, item["id"], amount, debit, words, None)
    billed = account.store.note(subscription["id"]).get("billed", {})
    billed.setdefault(item["id"], []).append(debit | {"invoice_item": made["id"]})
    account.store.write_note(subscription["id"], billed=billed)


def name_of(account: Account, price: Json) -> str:
    """What a price's product is called."""
    product = account.store.get(price["product"], "product")
    return str(product["name"]) if product else "Support"


def _billed(account: Account, subscription: Json) -> Json:
    """What stands, by item; where nothing was remembered, what the items cost now, on the latest invoice."""
    known: Json | None = account.store.note(subscription["id"]).get("billed")
    if known is not None:
        return known
    invoice = account.store.get(subscription["latest_invoice"] or "", "invoice")
    lines = [line for line in invoice["lines"]["data"] if not is_proration(line)] if invoice else []
    remember(account, subscription, [line for line in lines if line["parent"]["subscription_item_details"]])
    found: Json = account.store.note(subscription["id"])["billed"]
    return found


def _debit(amount: int, line: Json) -> Json:
    details = line["pricing"]["price_details"]
    name = line["description"].partition(" × ")[2].rpartition(" (at ")[0] or line["description"]
    span = line["period"]
    return {
        "amount": amount,
        "start": span["start"],
        "end": span["end"],
        "quantity": line["quantity"],
        "name": name,
        "price": details["price"],
        "product": details["product"],
    }


def _put(
    account: Account, subscription: Json, item: str, amount: int, span: Json, words: str, credited: Json | None
) -> Json:
    made = account.put(
        build.invoice_item(
            account.now(),
            subscription["customer"],
            amount,
            subscription["currency"],
            description=words,
            discountable=False,
            frozen_fields=["pricing", "quantity", "discounts"],
            metadata=dict(subscription["metadata"]),
            net_amount=amount,
            parent={
                "subscription_details": {"subscription": subscription["id"], "subscription_item": item},
                "type": "subscription_details",
            },
            period={"end": span["end"], "start": span["start"]},
            pricing={
                "price_details": {"price": span["price"], "product": span["product"]},
                "type": "price_details",
                "unit_amount_decimal": None,
            },
            proration=True,
            proration_details={"credited_items": _credited(credited), "discount_amounts": []},
            quantity=span["quantity"],
        )
    )
    account.emit("invoiceitem.created", made)
    return made


def _credited(debit: Json | None) -> Json | None:
    if debit is None:
        return None
    if "line" not in debit:
        return {"invoice_item": debit["invoice_item"], "type": "invoice_item"}
    details = {"invoice": debit["invoice"], "invoice_line_items": [debit["line"]]}
    return {"invoice_line_item_details": details, "type": "invoice_line_items"}


def _down(amount: Fraction, currency: str) -> int:
    """Rounded down to what can be charged in this currency."""
    return int(amount // step(currency)) * step(currency)


def _counted(quantity: int, name: str) -> str:
    return name if quantity == 1 else f"{quantity} × {name}"


def _after(at: int) -> str:
    return f" after {datetime.fromtimestamp(at, UTC):%d %b %Y}"
