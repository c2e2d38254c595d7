"""Subscriptions and customers."""

from localdev.stripe import billing, cards, collecting, customers, discounts, ending, pausing
from localdev.stripe.account import Account
from localdev.stripe.controls.calls import control, told
from localdev.stripe.controls.forms import Cancel, Collection, Customer, Method, NewCard, NextPayment, Nothing
from localdev.stripe.errors import Json
from localdev.stripe.session_rules import check_email


@control("/subscriptions/<identifier>/next-payment", NextPayment)
def next_payment(account: Account, form: NextPayment, identifier: str) -> Json:
    """Say how the next payments of a subscription end; the clock makes them happen."""
    with account.change() as events:
        subscription = account.get("subscription", identifier)
        collecting.tell_next(account, identifier, form.outcome)
        if form.outcome == "card_removed":
            cards.remove_card(account, subscription)
        elif form.outcome == "succeeds":
            cards.replace_card(account, subscription)
    return {
        "subscription": identifier,
        "next_payment": form.outcome,
        "status": subscription["status"],
        "events": told(account, events),
    }


@control("/subscriptions/<identifier>/cancel", Cancel)
def cancel(account: Account, form: Cancel, identifier: str) -> Json:
    """End a subscription at the period's end or now, by the portal or by the API."""
    with account.change() as events:
        subscription = account.get("subscription", identifier)
        if form.when == "now":
            ending.end(account, subscription, reason="cancellation_requested")
        else:
            billing.cancel_later(account, subscription, by=form.by)
    kept = ("status", "cancel_at", "cancel_at_period_end", "canceled_at", "ended_at")
    return {
        "subscription": identifier,
        **{key: subscription[key] for key in kept},
        "events": told(account, events),
    }


@control("/subscriptions/<identifier>/keep", Nothing)
def keep(account: Account, _form: Nothing, identifier: str) -> Json:
    """Undo a planned ending, as the portal's button does."""
    with account.change() as events:
        subscription = billing.keep(account, account.get("subscription", identifier))
    return {"subscription": identifier, "status": subscription["status"], "events": told(account, events)}


@control("/subscriptions/<identifier>/pause", Nothing)
def pause(account: Account, _form: Nothing, identifier: str) -> Json:
    """Pause a subscription, as the portal's button does."""
    with account.change() as events:
        subscription = pausing.pause(account, account.get("subscription", identifier))
    return {"subscription": identifier, "status": subscription["status"], "events": told(account, events)}


@control("/subscriptions/<identifier>/unpause", Nothing)
def unpause(account: Account, _form: Nothing, identifier: str) -> Json:
    """Resume a paused subscription, as the portal's button does."""
    with account.change() as events:
        subscription = pausing.resume(account, account.get("subscription", identifier))
    return {"subscription": identifier, "status": subscription["status"], "events": told(account, events)}


@control("/subscriptions/<identifier>/collection", Collection)
def collection(account: Account, form: Collection, identifier: str) -> Json:
    """Stop collecting while invoices go on, or collect again."""
    with account.change() as events:
        subscription = account.get("subscription", identifier)
        pausing.pause_collection(account, subscription, form.behavior)
    return {
        "subscription": identifier,
        "pause_collection": subscription["pause_collection"],
        "events": told(account, events),
    }


@control("/subscriptions/<identifier>/free-next", Nothing)
def free_next(account: Account, _form: Nothing, identifier: str) -> Json:
    """The next invoice comes to nothing: a coupon for the whole amount."""
    with account.change():
        subscription = account.get("subscription", identifier)
        discounts.give_next(account, subscription)
    return {"subscription": identifier, "status": subscription["status"], "events": []}


@control("/customers/<identifier>", Customer)
def change(account: Account, form: Customer, identifier: str) -> Json:
    """A customer changes address or name, as in the portal."""
    if form.email:
        check_email(form.email, "email")
    with account.change() as events:
        given = form.model_dump(exclude_none=True)
        customer = customers.change(account, customers.living(account, identifier), **given)
    kept = ("email", "name")
    return {"customer": identifier, **{key: customer[key] for key in kept}, "events": told(account, events)}


@control("/customers/<identifier>/card", NewCard)
def new_card(account: Account, form: NewCard, identifier: str) -> Json:
    """A customer enters a new card on the portal's page for it."""
    with account.change() as events:
        customer = customers.living(account, identifier)
        made = cards.enter(account, customer, last4=form.last4, expires=(form.exp_year, form.exp_month))
        cards.tell(account, made["id"], form.says)
    return {"customer": identifier, "payment_method": made["id"], "events": told(account, events)}


@control("/payment_methods/<identifier>", Method)
def method(account: Account, form: Method, identifier: str) -> Json:
    """A card changes without its holder (the network tells Stripe), or its payments end otherwise from now on."""
    with account.change() as events:
        known = account.get("payment_method", identifier)
        if known["type"] == "card" and (form.last4 or form.exp_month or form.exp_year):
            expires = (form.exp_year or known["card"]["exp_year"], form.exp_month or known["card"]["exp_month"])
            cards.changes_by_itself(account, known, expires=expires, last4=form.last4)
        if form.says:
            cards.tell(account, identifier, form.says)
    return {"payment_method": identifier, "events": told(account, events)}


@control("/customers/<identifier>/delete", Nothing)
def delete(account: Account, _form: Nothing, identifier: str) -> Json:
    """Somebody deletes a customer in the dashboard; its subscriptions end at once."""
    with account.change() as events:
        customers.delete(account, customers.living(account, identifier))
    return {"customer": identifier, "deleted": True, "events": told(account, events)}
