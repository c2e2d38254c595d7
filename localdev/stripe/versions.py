"""Events in the shapes of older API versions, as an endpoint that is pinned to one still gets them.

A payload's shape follows the endpoint's version. `_UNDO` lists what changed: the family of versions that brought
today's shape, the object, and what takes it back. Only fields that money depends on; sources are Stripe's changelogs
of acacia to basil (2025-03-31), basil to clover (2025-09-30) and clover to dahlia (2026-03-25).
"""

import copy
from collections.abc import Callable

from localdev.stripe.config import API_VERSION
from localdev.stripe.errors import Json
from localdev.stripe.store import Store

FAMILIES = ("acacia", "basil", "clover", "dahlia", "endive")
# One version of each family, for the control page.
EXAMPLES = ("2025-02-24.acacia", "2025-08-27.basil", "2026-02-25.clover", "2026-08-26.dahlia", API_VERSION)
# Event types that came with a family; older endpoints never hear of them.
_CAME_WITH = {"invoice_payment.paid": "basil"}
Undo = Callable[[Store, Json], Json]


def family(version: str) -> int:
    """The place of a version in FAMILIES; what is not known counts as today's."""
    name = version.rpartition(".")[2]
    return FAMILIES.index(name) if name in FAMILIES else len(FAMILIES) - 1


def knows(version: str, event_type: str) -> bool:
    """Whether a version has this event type."""
    return family(version) >= family(f".{_CAME_WITH[event_type]}") if event_type in _CAME_WITH else True


def rendered(store: Store, event: Json, version: str) -> Json:
    """A copy of an event as an endpoint of this version gets it; `previous_attributes` stay as they are."""
    if event["api_version"] != API_VERSION or version == API_VERSION:
        return event
    old = copy.deepcopy(event) | {"api_version": version}
    told = old["data"]["object"]
    for since, kind, undo in _UNDO:
        if told["object"] == kind and family(version) < FAMILIES.index(since):
            told = undo(store, told)
    old["data"]["object"] = told
    return old


def _hosted(_store: Store, session: Json) -> Json:
    return session | {"ui_mode": session["ui_mode"].removesuffix("_page")}


def _whole_coupon(store: Store, discount: Json) -> Json:
    source = discount.pop("source")
    return discount | {"coupon": store.get(source["coupon"], "coupon")}


def _subscription_periods(_store: Store, subscription: Json) -> Json:
    items = subscription["items"]["data"]
    span = {name: items[0][name] for name in ("current_period_start", "current_period_end")}
    for item in items:
        for name in span:
            del item[name]
    for name in ("billing_mode", "billing_schedules", "status_details"):
        subscription.pop(name, None)
    return subscription | span | {"discount": None, "plan": items[0]["plan"], "quantity": items[0]["quantity"]}


def _invoice_links(store: Store, invoice: Json) -> Json:
    details = (invoice.pop("parent") or {}).get("subscription_details") or {}
    links = store.find("invoice_payment", invoice=invoice["id"], limit=1) if invoice["status"] != "draft" else []
    intent = store.get(links[0]["payment"]["payment_intent"], "payment_intent") if links else None
    invoice["lines"]["data"] = [_line(line) for line in invoice["lines"]["data"]]
    for name in ("amount_overpaid", "total_pretax_credit_amounts", "total_taxes"):
        invoice.pop(name, None)
    return invoice | {
        "charge": intent["latest_charge"] if intent else None,
        "discount": None,
        "paid": invoice["status"] == "paid",
        "paid_out_of_band": False,
        "payment_intent": intent["id"] if intent else None,
        "quote": None,
        "subscription": details.get("subscription"),
        "subscription_details": {"metadata": details.get("metadata")},
        "tax": None,
        "total_tax_amounts": [],
    }


def _line(line: Json) -> Json:
    parent = line.pop("parent")
    own = parent["subscription_item_details"] or parent["invoice_item_details"]
    price = line.pop("pricing")["price_details"]
    for name in ("taxes", "quantity_decimal", "subtotal"):
        line.pop(name, None)
    return line | {
        "price": {"id": price["price"], "object": "price", "product": price["product"]},
        "proration": own["proration"],
        "subscription": own["subscription"],
        "tax_amounts": [],
        "type": "invoiceitem" if own["invoice_item"] else "subscription",
        **{name: own[name] for name in ("subscription_item", "invoice_item") if own.get(name)},
    }


def _charge_invoice(store: Store, charge: Json) -> Json:
    return charge | {"invoice": _invoice_of(store, charge["payment_intent"])}


def _intent_invoice(store: Store, intent: Json) -> Json:
    return intent | {"invoice": _invoice_of(store, intent["id"])}


def _invoice_of(store: Store, intent_id: str) -> str | None:
    found = store.find("invoice_payment", payment__payment_intent=intent_id, limit=1)
    return found[0]["invoice"] if found else None


# Newest first, so that each step meets the shape it knows.
_UNDO: tuple[tuple[str, str, Undo], ...] = (
    ("dahlia", "checkout.session", _hosted),
    ("clover", "discount", _whole_coupon),
    ("basil", "subscription", _subscription_periods),
    ("basil", "invoice", _invoice_links),
    ("basil", "charge", _charge_invoice),
    ("basil", "payment_intent", _intent_invoice),
)
