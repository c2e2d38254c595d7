"""The control page at `/`: what the stand-in holds, and a button for everything a script does under `/_control`.

Each button is a form that posts to `/do/…`, the very calls of `/_control/…`; what came of it is shown at the top.
"""

from flask import Blueprint, Response, render_template, request

from localdev.stripe import balance, cards, disputes, faults, foreign, payments, versions
from localdev.stripe.account import Account
from localdev.stripe.api.endpoint import the_account, the_rate_limit
from localdev.stripe.books import books
from localdev.stripe.controls.traffic import state
from localdev.stripe.deliveries import MODES
from localdev.stripe.errors import Json
from localdev.stripe.objects.subscriptions import period
from localdev.stripe.pages.words import amount_text, date_text, price_text, time_text

blueprint = Blueprint("overview", __name__)
_SHOWN, _SHOWN_EVENTS, _SHOWN_NEW = 8, 24, 60


@blueprint.get("/")
def show() -> Response:
    """Everything at a glance."""
    account = the_account()
    store = account.store
    html = render_template(
        "overview.html",
        happened=_happened(account, request.args.get("since", "")),
        did=request.args.get("did", "")[:120],
        problem=request.args.get("problem", "")[:300],
        now=account.config.clock.now().strftime("%d %B %Y, %H:%M UTC"),
        ahead=account.config.clock.offset().days,
        modes=MODES,
        state=state(account),
        books=[(currency, _sums(currency, sums)) for currency, sums in books(account).items()],
        settles_in=balance.settles_in(account),
        booking=payments.booking(account),
        limit=the_rate_limit(),
        armed=faults.armed(store),
        foreign_kinds=foreign.KINDS,
        versions=versions.EXAMPLES,
        sessions=store.find("checkout.session", limit=_SHOWN),
        subscriptions=[_subscription(account, one) for one in store.find("subscription", limit=_SHOWN)],
        customers=[one for one in store.find("customer", limit=_SHOWN) if not one.get("deleted")],
        payments=[_payment(account, one) for one in store.find("payment_intent", limit=_SHOWN)],
        refunds=store.find("refund", limit=_SHOWN),
        disputes=[_dispute(one) for one in store.find("dispute", limit=_SHOWN)],
        endpoints=store.find("webhook_endpoint"),
        events=[_event(account, one) for one in store.find("event", limit=_SHOWN_EVENTS)],
        amount=amount_text,
        when=time_text,
    )
    return Response(html, 200, {"Cache-Control": "no-store"}, content_type="text/html; charset=utf-8")


def _sums(currency: str, sums: dict[str, int]) -> dict[str, str]:
    return {name: str(value) if name == "payments" else amount_text(value, currency) for name, value in sums.items()}


def _happened(account: Account, since: str) -> list[Json]:
    """The events from this one on, oldest first."""
    rows = account.store.run(
        "SELECT id FROM objects WHERE kind = 'event' AND seq >= (SELECT seq FROM objects WHERE id = ?)"
        " ORDER BY seq LIMIT ?",
        since,
        _SHOWN_NEW,
    )
    return [_event(account, account.get("event", row["id"])) for row in rows]


def _subscription(account: Account, one: Json) -> Json:
    item = one["items"]["data"][0]
    note = account.store.note(one["id"])
    return {
        "id": one["id"],
        "status": one["status"],
        "running": one["status"] not in ("canceled", "incomplete_expired"),
        "price": price_text(item["price"], item["quantity"]),
        "next": date_text(period(one)[1]),
        "ends": date_text(one["cancel_at"]) if one["cancel_at"] else None,
        "collection": (one["pause_collection"] or {}).get("behavior"),
        "fails": note.get("fails", False),
        "slow": note.get("slow", False),
        "action": note.get("action", False),
        "gone": note.get("gone", False),
        "free": note.get("free_next", False),
        "customer": one["customer"],
        "method": cards.charged(account, one),
    }


def _payment(account: Account, one: Json) -> Json:
    charge = account.store.get(one["latest_charge"] or "", "charge")
    collected = charge is not None and charge["status"] == "succeeded"
    return {
        **{key: one[key] for key in ("id", "created", "amount", "currency", "status")},
        "left": charge["amount"] - charge["amount_refunded"] if charge and collected else 0,
        "refunded": charge["amount_refunded"] if charge else 0,
        "disputed": bool(charge and charge["disputed"]),
        "booked": bool(charge and charge["balance_transaction"]),
    }


def _dispute(one: Json) -> Json:
    inquiry = one["status"].startswith("warning_")
    return one | {
        "inquiry": inquiry,
        "open": one["status"] in disputes.OPEN,
        "awaits": one["status"] in ("needs_response", "warning_needs_response"),
    }


def _event(account: Account, event: Json) -> Json:
    """An event with how its deliveries fare, in words."""
    sent = account.deliveries.of(event["id"])
    return {
        "id": event["id"],
        "type": event["type"],
        "created": event["created"],
        "about": event["data"]["object"].get("id", ""),
        "fared": [_fared(one, several=len({each["endpoint"] for each in sent}) > 1) for one in sent],
    }


def _fared(delivery: Json, *, several: bool) -> str:
    words = delivery["state"]
    if delivery["status"]:
        words += f", HTTP {delivery['status']}"
    elif delivery["note"] and delivery["state"] != "delivered":
        words += f", {delivery['note']}"
    if delivery["attempts"] > 1:
        words += f", {delivery['attempts']} tries"
    return f"{delivery['endpoint'][:9]}…: {words}" if several else words
