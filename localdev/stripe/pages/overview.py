"""The control page at `/`: what the stand-in holds, and buttons for what a script does under `/_control`."""

from collections.abc import Callable
from datetime import timedelta

from flask import Blueprint, Response, current_app, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from localdev import business_clock
from localdev.stripe import billing, checkout
from localdev.stripe.account import Account
from localdev.stripe.api.endpoint import the_account
from localdev.stripe.books import books
from localdev.stripe.control import email_of, state
from localdev.stripe.deliveries import MODES
from localdev.stripe.errors import Json, StripeError
from localdev.stripe.objects.subscriptions import period
from localdev.stripe.pages.words import amount_text, date_text, price_text, time_text

blueprint = Blueprint("overview", __name__)
_SHOWN, _SHOWN_EVENTS = 8, 30
_PATIENCE_SECONDS = 8.0


@blueprint.get("/")
def show() -> Response:
    """Everything at a glance."""
    account = the_account()
    store = account.store
    html = render_template(
        "overview.html",
        now=business_clock.now().strftime("%d %B %Y, %H:%M UTC"),
        ahead=business_clock.offset().days,
        modes=MODES,
        state=state(account),
        books=[(currency, _sums(currency, sums)) for currency, sums in books(account).items()],
        sessions=store.find("checkout.session", limit=_SHOWN),
        subscriptions=[_subscription(account, one) for one in store.find("subscription", limit=_SHOWN)],
        payments=store.find("payment_intent", limit=_SHOWN),
        events=[_event(account, one) for one in store.find("event", limit=_SHOWN_EVENTS)],
        amount=amount_text,
        when=time_text,
        note=request.args.get("note", "")[:200],
    )
    return Response(html, 200, {"Cache-Control": "no-store"}, content_type="text/html; charset=utf-8")


def _sums(currency: str, sums: dict[str, int]) -> dict[str, str]:
    return {name: str(value) if name == "payments" else amount_text(value, currency) for name, value in sums.items()}


def _subscription(account: Account, one: Json) -> Json:
    item = one["items"]["data"][0]
    return {
        "id": one["id"],
        "status": one["status"],
        "price": price_text(item["price"], item["quantity"]),
        "next": date_text(period(one)[1]),
        "ends": date_text(one["cancel_at"]) if one["cancel_at"] else None,
        "fails": account.store.note(one["id"]).get("fails", False),
    }


def _event(account: Account, event: Json) -> Json:
    last = (account.deliveries.of(event["id"]) or [{"state": "not sent", "attempts": 0, "status": None}])[-1]
    return {"id": event["id"], "type": event["type"], "created": event["created"], **last}


@blueprint.post("/do")
def do() -> AnyResponse:
    """One button's action, then back to the page with what went wrong, if anything did."""
    account = the_account()
    action, identifier = request.form.get("action", ""), request.form.get("id", "")
    note = ""
    try:
        events = _ACTIONS[action](account, identifier) if action in _ACTIONS else []
        account.deliveries.wait(events, _PATIENCE_SECONDS)
    except StripeError as error:
        note = error.message
    return redirect(f"/?note={note}" if note else "/", 303)


def _pay(outcome: str) -> Callable[[Account, str], list[str]]:
    def act(account: Account, identifier: str) -> list[str]:
        with account.change() as events:
            session = account.get("checkout.session", identifier)
            kind, last4 = ("sepa_debit", "3000") if outcome == "delayed" else ("card", "4242")
            payer = checkout.Payer(email=email_of(account, session, None), kind=kind, last4=last4)
            if outcome == "declines":
                checkout.decline(account, session, payer)
            else:
                checkout.pay(account, session, payer, delayed=outcome == "delayed")
        return events

    return act


def _settle(*, succeeds: bool) -> Callable[[Account, str], list[str]]:
    def act(account: Account, identifier: str) -> list[str]:
        with account.change() as events:
            checkout.settle(account, account.get("payment_intent", identifier), succeeds=succeeds)
        return events

    return act


def _advance(days: int) -> Callable[[Account, str], list[str]]:
    def act(_account: Account, _identifier: str) -> list[str]:
        events: list[str] = current_app.config["CLOCK"].advance(timedelta(days=days))
        return events

    return act


def _expire(account: Account, identifier: str) -> list[str]:
    with account.change() as events:
        checkout.expire(account, account.get("checkout.session", identifier))
    return events


def _cancel(account: Account, identifier: str) -> list[str]:
    with account.change() as events:
        billing.cancel_later(account, account.get("subscription", identifier), by="portal")
    return events


def _end(account: Account, identifier: str) -> list[str]:
    with account.change() as events:
        billing.end(account, account.get("subscription", identifier), reason="cancellation_requested")
    return events


def _fails(account: Account, identifier: str) -> list[str]:
    with account.change():
        account.store.write_note(identifier, fails=not account.store.note(identifier).get("fails", False))
    return []


def _mode(account: Account, identifier: str) -> list[str]:
    if identifier in MODES:
        account.deliveries.set_mode(identifier)
    return []


def _release(account: Account, _identifier: str) -> list[str]:
    return account.deliveries.release()


def _resend(account: Account, identifier: str) -> list[str]:
    account.get("event", identifier)
    account.deliveries.resend(identifier)
    return [identifier]


_ACTIONS: dict[str, Callable[[Account, str], list[str]]] = {
    "pay": _pay("succeeds"),
    "decline": _pay("declines"),
    "delay": _pay("delayed"),
    "expire": _expire,
    "settle": _settle(succeeds=True),
    "fail": _settle(succeeds=False),
    "day": _advance(1),
    "month": _advance(31),
    "cancel": _cancel,
    "end": _end,
    "toggle-failing": _fails,
    "mode": _mode,
    "release": _release,
    "resend": _resend,
}
