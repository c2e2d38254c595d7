"""/v1/invoices with their lines, /v1/invoiceitems and /v1/invoice_payments."""

from flask import Blueprint

from localdev.stripe import changing, collecting, extras, previews
from localdev.stripe.account import Account
from localdev.stripe.api.endpoint import endpoint
from localdev.stripe.api.lists import Condition, filters, page, slice_page
from localdev.stripe.errors import ApiRefusal, Json

blueprint = Blueprint("invoices", __name__)


@endpoint(blueprint, "GET", "/v1/invoices", "InvoiceListParams")
def list_invoices(account: Account, params: Json) -> Json:
    """List invoices."""
    wanted = filters(
        params, customer="customer", status="status", subscription="parent.subscription_details.subscription"
    )
    return page(account, "invoice", params, "/v1/invoices", wanted)


@endpoint(blueprint, "GET", "/v1/invoices/<identifier>", "InvoiceRetrieveParams")
def retrieve_invoice(account: Account, _params: Json, identifier: str) -> Json:
    """Retrieve an invoice; `payments` only when expanded."""
    return account.get("invoice", identifier)


@endpoint(blueprint, "POST", "/v1/invoices/create_preview", "InvoiceCreatePreviewParams")
def create_preview(account: Account, params: Json) -> Json:
    """Show a subscription's next invoice, as it stands or after a change."""
    details = params.get("subscription_details") or {}
    if "proration_date" in details and details.get("proration_behavior") == "none":
        raise ApiRefusal(
            "You cannot set `subscription_details[proration_date]` when proration_behavior is `none`.",
            param="subscription_details[proration_date]",
        )
    wish = changing.wish_of(details, {}) if changing.is_wished(details) else None
    return previews.preview(account, params, wish)


@endpoint(blueprint, "POST", "/v1/invoices/<identifier>/pay", "InvoicePayParams")
def pay(account: Account, params: Json, identifier: str) -> Json | ApiRefusal:
    """Try to pay an open invoice now."""
    return collecting.pay_by_api(account, account.get("invoice", identifier), params.get("payment_method"))


@endpoint(blueprint, "POST", "/v1/invoices/<identifier>/finalize", "InvoiceFinalizeInvoiceParams")
def finalize(account: Account, params: Json, identifier: str) -> Json | ApiRefusal:
    """Make a draft an open invoice; it is collected unless `auto_advance` is false."""
    return collecting.finalize_by_api(
        account, account.get("invoice", identifier), collects=params.get("auto_advance", True)
    )


@endpoint(blueprint, "POST", "/v1/invoices/<identifier>/void", "InvoiceVoidInvoiceParams")
def void(account: Account, _params: Json, identifier: str) -> Json:
    """Nobody has to pay an open invoice any more; a change that waits for it is dropped."""
    return collecting.void(account, account.get("invoice", identifier))


@endpoint(blueprint, "GET", "/v1/invoices/<identifier>/lines", "InvoiceListLinesParams")
def list_lines(account: Account, params: Json, identifier: str) -> Json:
    """List an invoice's lines, all of them, in its own order."""
    invoice = account.get("invoice", identifier)
    lines: list[Json] = account.store.note(identifier).get("lines", invoice["lines"]["data"])
    return slice_page(lines, params, invoice["lines"]["url"], "line_item")


@endpoint(blueprint, "GET", "/v1/invoice_payments", "InvoicePaymentListParams")
def list_invoice_payments(account: Account, params: Json) -> Json:
    """List invoice payments, by invoice or by the payment they link to."""
    payment = params.get("payment", {})
    wanted = filters(params, invoice="invoice", status="status")
    wanted += filters(payment, type="payment.type", payment_intent="payment.payment_intent")
    return page(account, "invoice_payment", params, "/v1/invoice_payments", wanted)


@endpoint(blueprint, "GET", "/v1/invoice_payments/<identifier>", "InvoicePaymentRetrieveParams")
def retrieve_invoice_payment(account: Account, _params: Json, identifier: str) -> Json:
    """Retrieve an invoice payment."""
    return account.get("invoice_payment", identifier)


@endpoint(blueprint, "POST", "/v1/invoiceitems", "InvoiceItemCreateParams")
def create_item(account: Account, params: Json) -> Json:
    """Put something on the customer's next invoice."""
    return extras.create(account, params)


@endpoint(blueprint, "GET", "/v1/invoiceitems", "InvoiceItemListParams")
def list_items(account: Account, params: Json) -> Json:
    """List invoice items; `pending`: those that wait for an invoice."""
    wanted = filters(params, customer="customer", invoice="invoice")
    if "pending" in params:
        known: Condition = (f"json_extract(body, '$.invoice') IS {'' if params['pending'] else 'NOT '}NULL", ())
        wanted.append(known)
    return page(account, "invoiceitem", params, "/v1/invoiceitems", wanted)


@endpoint(blueprint, "GET", "/v1/invoiceitems/<identifier>", "InvoiceItemRetrieveParams")
def retrieve_item(account: Account, _params: Json, identifier: str) -> Json:
    """Retrieve an invoice item."""
    return account.get("invoiceitem", identifier)


@endpoint(blueprint, "DELETE", "/v1/invoiceitems/<identifier>", "InvoiceItemDeleteParams")
def remove_item(account: Account, _params: Json, identifier: str) -> Json:
    """Delete an invoice item that still waits."""
    return extras.delete(account, account.get("invoiceitem", identifier))
