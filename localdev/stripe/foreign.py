"""What arrives at a newsroom's webhook although it is none of its business.

Other products on the same account (no mark of ours), live events at a test endpoint, events of connected accounts,
types and versions that came after this code was written.
"""

from typing import Literal, get_args

from localdev.stripe import checkout, disputes, ids, payments, reversals
from localdev.stripe.account import Account
from localdev.stripe.config import API_VERSION
from localdev.stripe.errors import ApiRefusal, Json
from localdev.stripe.objects import customers, sessions
from localdev.stripe.objects import payments as build

Kind = Literal[
    "payment",
    "checkout",
    "subscription",
    "refund",
    "dispute",
    "livemode",
    "connected",
    "unknown_type",
    "unknown_version",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
_SHOP = "https://shop.example/done"


def make(account: Account, kind: str, *, amount: int, currency: str, metadata: dict[str, str]) -> Json:
    """Make one of KINDS happen; answers the ids of what was made. `amount` in minor units.

    `metadata` marks the objects of the last four kinds: even marked as ours they must change nothing.

    :raises ApiRefusal: 400 for another kind.
    """
    match kind:
        case "payment" | "refund" | "dispute":
            charge = _payment(account, amount, currency)
            made: Json = {"payment_intent": charge["payment_intent"], "charge": charge["id"]}
            if kind == "refund":
                made["refund"] = reversals.refund(account, charge, None)["id"]
            elif kind == "dispute":
                made["dispute"] = disputes.dispute(account, charge)["id"]
            return made
        case "checkout" | "subscription":
            return _checkout(account, kind == "subscription", amount, currency)
        case "livemode" | "connected" | "unknown_type" | "unknown_version":
            return _odd(account, kind, amount, currency, metadata)
    raise ApiRefusal(f"There is nothing foreign called {kind}.", param="kind")


def _payment(account: Account, amount: int, currency: str) -> Json:
    """A payment that a shop's own code made, without Checkout, with a metadata key of its own."""
    intent = payments.create_intent(account, amount, currency, metadata={"order": "A-1001"}, description="A mug")
    method = _card(account)
    charge = payments.attempt(account, intent, method, "succeeded")
    account.store.write_note(charge["id"], foreign=True)
    return payments.book(account, charge)


def _checkout(account: Account, recurring: bool, amount: int, currency: str) -> Json:
    """A shop's checkout session, paid."""
    price: Json = {"currency": currency, "unit_amount": amount, "product_data": {"name": "A mug"}}
    if recurring:
        price["recurring"] = {"interval": "month"}
    mode = "subscription" if recurring else "payment"
    line = {"quantity": 1, "price_data": price}
    session = checkout.create(account, {"mode": mode, "success_url": _SHOP, "line_items": [line]})
    checkout.pay(account, session, checkout.Payer("buyer@shop.example", name="A Buyer"))
    made = {key: session[key] for key in ("payment_intent", "subscription", "invoice")}
    intent_id = made["payment_intent"] or account.store.note(session["id"])["intent"]
    charge_id = account.get("payment_intent", intent_id)["latest_charge"]
    account.store.write_note(charge_id, foreign=True)
    if session["subscription"]:
        account.store.write_note(session["subscription"], foreign=True)
    return {**made, "checkout": session["id"], "payment_intent": intent_id, "charge": charge_id}


def _odd(account: Account, kind: str, amount: int, currency: str, metadata: dict[str, str]) -> Json:
    """One event about a payment that this account, in this mode, in this version, cannot look up."""
    live = kind == "livemode"
    intent = build.payment_intent(account.now(), amount, currency, metadata=metadata) | {"livemode": live}
    paid = {"amount_received": amount, "latest_charge": ids.new("ch"), "status": "succeeded"}
    session = sessions.checkout_session(
        account.now(),
        {"mode": "payment", "currency": currency, "success_url": _SHOP, "metadata": metadata},
        total=amount,
        currency=currency,
        base_url=account.config.base_url,
    ) | {
        "livemode": live,
        "payment_intent": intent["id"],
        "payment_status": "paid",
        "status": "complete",
        "url": None,
    }
    told = [("payment_intent.succeeded", intent | paid), ("checkout.session.completed", session)]
    if kind == "unknown_type":
        told = [("payment_intent.reconsidered", intent | paid)]
    for event_type, value in told:
        account.tell(_event(account, kind, event_type, value))
    return {"payment_intent": intent["id"], "checkout": session["id"] if len(told) > 1 else None}


def _event(account: Account, kind: str, event_type: str, value: Json) -> Json:
    event: Json = {
        "id": ids.new("evt"),
        "object": "event",
        "api_version": "2027-09-29.fennel" if kind == "unknown_version" else API_VERSION,
        "created": account.now(),
        "data": {"object": value},
        "livemode": kind == "livemode",
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": event_type,
    }
    if kind == "connected":
        event["account"] = "acct_1SomebodyElse"
    return event


def _card(account: Account) -> Json:
    billing = customers.billing_details("buyer@shop.example", "A Buyer", "DE")
    return customers.payment_method(account.now(), "card", "4242", billing, None)
