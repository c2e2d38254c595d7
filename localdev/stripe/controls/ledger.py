"""The account's money as a whole: books, settlement, when charges are booked, and other products' business."""

from flask import request

from localdev.stripe import balance, foreign, items, payments
from localdev.stripe.account import Account
from localdev.stripe.books import books
from localdev.stripe.controls.calls import control, look, told
from localdev.stripe.controls.forms import Archived, Bookings, Foreign, Settlement
from localdev.stripe.errors import Json


@look("/books")
def show_books(account: Account) -> Json:
    """What was paid, refunded and lost, per currency; with `?foreign=true` what other products took instead."""
    return books(account, foreign=request.args.get("foreign") == "true")


@control("/settlement", Settlement)
def settlement(account: Account, form: Settlement) -> Json:
    """Convert every movement to come to one currency, or to none."""
    with account.change():
        balance.set_settlement(account, form.currency)
    return {"currency": form.currency}


@control("/bookings", Bookings)
def bookings(account: Account, form: Bookings) -> Json:
    """Say when a collected charge gets its balance transaction."""
    with account.change():
        payments.set_booking(account, form.mode)
    return {"mode": form.mode}


@control("/archived-products", Archived)
def archived_products(account: Account, form: Archived) -> Json:
    """Say whether inline prices of archived products are refused."""
    with account.change():
        items.refuse_archived(account, refused=form.refused)
    return {"refused": form.refused}


@control("/foreign", Foreign)
def make_foreign(account: Account, form: Foreign) -> Json:
    """Something happens that is none of the newsroom's business."""
    with account.change() as events:
        made = foreign.make(account, form.kind, amount=form.amount, currency=form.currency, metadata=form.metadata)
    return {"kind": form.kind, **made, "events": told(account, events)}
