"""The customer portal: recurring gifts, and of what can be done with them as much as its configuration allows."""

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from localdev.stripe import billing, cards, collecting, pausing
from localdev.stripe.account import Account
from localdev.stripe.api.endpoint import the_account
from localdev.stripe.configurations import PORTAL
from localdev.stripe.errors import Json
from localdev.stripe.objects.subscriptions import period
from localdev.stripe.pages.words import amount_text, date_text, language, price_text

blueprint = Blueprint("portal", __name__)
_PATIENCE_SECONDS = 8.0


@blueprint.get("/p/session/<identifier>")
def show(identifier: str) -> AnyResponse:
    """The portal; `?cancel=sub_…` (or a session made for it) shows the confirmation."""
    account = the_account()
    session = account.store.note(identifier).get("session")
    if session is None:
        return _gone()
    flow = session["flow"] or {}
    if flow.get("type") == "payment_method_update" and not request.args.get("home"):
        return redirect(f"/p/session/{identifier}/payment-methods", 303)
    wanted = request.args.get("cancel") or (flow.get("subscription_cancel") or {}).get("subscription")
    if request.args.get("home"):
        wanted = None
    return _page(account, session, wanted)


@blueprint.post("/p/session/<identifier>")
def act(identifier: str) -> AnyResponse:
    """Cancel at the period's end, keep after all, pause, resume, or replace a failing card."""
    account = the_account()
    session = account.store.note(identifier).get("session")
    if session is None:
        return _gone()
    action = request.form.get("action", "")
    with account.change() as events:
        subscription = account.store.get(request.form.get("subscription", ""), "subscription")
        if subscription and subscription["customer"] == session["customer"] and subscription["status"] != "canceled":
            _act(account, subscription, action, features(account, session))
    account.deliveries.wait(list(events), _PATIENCE_SECONDS)
    after = (session["flow"] or {}).get("after_completion", {})
    if action == "cancel" and after.get("type") == "redirect":
        return redirect(after["redirect"]["return_url"], 303)
    return redirect(f"/p/session/{identifier}?home=1", 303)


def features(account: Account, session: Json) -> set[str]:
    """What the session's configuration has switched on."""
    made = account.get(PORTAL, session["configuration"])
    return {name for name, feature in made["features"].items() if feature["enabled"]}


def _act(account: Account, subscription: Json, action: str, allowed: set[str]) -> None:
    needs = {"cancel": "subscription_cancel", "pause": "subscription_pause", "mend": "payment_method_update"}
    if action in needs and needs[action] not in allowed:
        return
    if action == "cancel" and subscription["cancel_at"] is None:
        billing.cancel_later(account, subscription, by="portal")
    elif action == "keep" and subscription["cancel_at"] is not None:
        billing.keep(account, subscription)
    elif action == "pause" and subscription["status"] == "active" and subscription["cancel_at"] is None:
        pausing.pause(account, subscription)
    elif action == "resume" and subscription["status"] == "paused":
        pausing.resume(account, subscription)
    elif action == "mend":
        collecting.tell_next(account, subscription["id"], "succeeds")
        cards.replace_card(account, subscription)
        billing.retry(account, subscription["id"])


def _page(account: Account, session: Json, cancel: str | None) -> Response:
    lang = language(session["locale"], request.accept_languages.best)
    subscriptions = account.store.find("subscription", customer=session["customer"])
    rows = [_row(account, one, lang) for one in subscriptions]
    html = render_template(
        "portal.html",
        session=session,
        allowed=features(account, session),
        customer=account.get("customer", session["customer"]),
        rows=rows,
        cancelling=next((row for row in rows if row["id"] == cancel and row["running"] and not row["ends"]), None),
        invoices=[
            (date_text(one["created"], lang), amount_text(one["amount_due"], one["currency"], lang), one["status"])
            for one in account.store.find("invoice", limit=12, customer=session["customer"])
        ],
        lang=lang,
    )
    return Response(html, 200, {"Cache-Control": "no-store"}, content_type="text/html; charset=utf-8")


def _row(account: Account, subscription: Json, lang: str) -> Json:
    item = subscription["items"]["data"][0]
    product = account.store.get(item["price"]["product"], "product")
    return {
        "id": subscription["id"],
        "name": product["name"] if product else "Support",
        "price": price_text(item["price"], item["quantity"], lang),
        "running": subscription["status"] != "canceled",
        "late": subscription["status"] == "past_due",
        "paused": subscription["status"] == "paused",
        "ends": date_text(subscription["cancel_at"], lang) if subscription["cancel_at"] else None,
        "ended": date_text(subscription["ended_at"], lang),
        "next": date_text(period(subscription)[1], lang),
    }


def _gone() -> Response:
    return Response("This portal link is not valid any more.\n", 404, content_type="text/plain; charset=utf-8")
