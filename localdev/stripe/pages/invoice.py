"""The page at an invoice's `hosted_invoice_url`: what is due; the bank's question, or a card that works."""

from flask import Blueprint, Response, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from localdev.stripe import collecting, invoicing
from localdev.stripe.account import Account
from localdev.stripe.api.endpoint import the_account
from localdev.stripe.errors import Json
from localdev.stripe.pages.words import amount_text, date_text

blueprint = Blueprint("invoice", __name__)
_PATIENCE_SECONDS = 8.0


@blueprint.get("/i/<identifier>")
def show(identifier: str) -> Response:
    """The invoice as its payer sees it."""
    invoice = the_account().store.get(identifier, "invoice")
    if invoice is None:
        return Response("There is no such invoice.\n", 404, content_type="text/plain; charset=utf-8")
    html = render_template(
        "invoice.html",
        invoice=invoice,
        amount=amount_text(invoice["amount_due"], invoice["currency"]),
        dated=date_text(invoice["created"]),
        each=amount_text,
        asks=_bank_asks(the_account(), invoice),
    )
    return Response(html, 200, {"Cache-Control": "no-store"}, content_type="text/html; charset=utf-8")


def _bank_asks(account: Account, invoice: Json) -> bool:
    known = invoicing.payment_link(account, invoice)
    intent = account.get("payment_intent", known["payment"]["payment_intent"]) if known else None
    return intent is not None and intent["status"] == "requires_action"


@blueprint.post("/i/<identifier>")
def pay(identifier: str) -> AnyResponse:
    """Pay an open invoice: confirm what the bank asks, or use a card that works from now on."""
    account = the_account()
    with account.change() as events:
        invoice = account.store.get(identifier, "invoice")
        if invoice and invoice["status"] == "open":
            subscription = invoice["parent"]["subscription_details"]["subscription"]
            collecting.pay_by_hand(account, account.get("subscription", subscription), invoice)
    account.deliveries.wait(events, _PATIENCE_SECONDS)
    return redirect(f"/i/{identifier}", 303)
