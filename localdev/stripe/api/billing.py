"""/v1/subscriptions, /v1/invoices and /v1/invoice_payments."""

from flask import Blueprint

from localdev.stripe import billing, pausing
from localdev.stripe.account import Account
from localdev.stripe.api.endpoint import endpoint
from localdev.stripe.api.lists import Condition, filters, page
from localdev.stripe.errors import Json, StripeError
from localdev.stripe.params import merged_metadata

blueprint = Blueprint("billing", __name__)
_PLAYED = {
    "cancel_at",
    "cancel_at_period_end",
    "cancellation_details",
    "description",
    "metadata",
    "pause_collection",
    "proration_behavior",
}


def _status(params: Json) -> list[Condition]:
    """Canceled subscriptions are listed only when asked for."""
    status = params.get("status")
    if status == "all":
        return []
    if status == "ended":
        return [("json_extract(body, '$.status') IN ('canceled', 'incomplete_expired')", ())]
    if status is None:
        return [("json_extract(body, '$.status') NOT IN ('canceled', 'incomplete_expired')", ())]
    return filters(params, status="status")


@endpoint(blueprint, "GET", "/v1/subscriptions", "SubscriptionListParams")
def list_subscriptions(account: Account, params: Json) -> Json:
    """List subscriptions."""
    wanted = [*filters(params, customer="customer"), *_status(params)]
    return page(account, "subscription", params, "/v1/subscriptions", wanted)


@endpoint(blueprint, "GET", "/v1/subscriptions/<identifier>", "SubscriptionRetrieveParams")
def retrieve(account: Account, _params: Json, identifier: str) -> Json:
    """Retrieve a subscription."""
    return account.get("subscription", identifier)


@endpoint(blueprint, "POST", "/v1/subscriptions/<identifier>", "SubscriptionUpdateParams")
def update(account: Account, params: Json, identifier: str) -> Json:
    """Plan or undo an ending, pause or resume collection, change metadata or description."""
    subscription = account.get("subscription", identifier)
    for name in set(params) - _PLAYED:
        raise StripeError(f"The stand-in does not play {name} of a subscription.", param=name)
    if "cancel_at" in params and "cancel_at_period_end" in params:
        raise StripeError("You may only specify one of these parameters: cancel_at, cancel_at_period_end.")
    _change_texts(account, subscription, params)
    if "pause_collection" in params:
        wanted = params["pause_collection"] or {}
        pausing.pause_collection(account, subscription, wanted.get("behavior"), wanted.get("resumes_at"))
    if params.get("cancel_at_period_end") is True:
        return billing.cancel_later(account, subscription, by="api", details=_details(params))
    undo = params.get("cancel_at_period_end") is False or params.get("cancel_at") == ""
    if undo and subscription["cancel_at"] is not None:
        return billing.keep(account, subscription)
    if params.get("cancel_at"):
        raise StripeError("The stand-in plays cancel_at_period_end, not cancel_at.", param="cancel_at")
    return subscription


def _change_texts(account: Account, subscription: Json, params: Json) -> None:
    changes: Json = {"metadata": merged_metadata(subscription["metadata"], params.get("metadata"))}
    if "description" in params:
        changes["description"] = params["description"] or None
    if any(subscription[key] != value for key, value in changes.items()):
        account.update("customer.subscription.updated", subscription, **changes)


def _details(params: Json) -> Json:
    given = params.get("cancellation_details") or {}
    return {"comment": given.get("comment") or None, "feedback": given.get("feedback") or None}


@endpoint(blueprint, "DELETE", "/v1/subscriptions/<identifier>", "SubscriptionCancelParams")
def cancel(account: Account, params: Json, identifier: str) -> Json:
    """End a subscription now."""
    subscription = account.get("subscription", identifier)
    return billing.end(account, subscription, reason="cancellation_requested", details=_details(params))


@endpoint(blueprint, "POST", "/v1/subscriptions/<identifier>/pause", "SubscriptionPauseParams")
def pause(account: Account, _params: Json, identifier: str) -> Json:
    """Pause a subscription; the stand-in credits nothing for unused time."""
    return pausing.pause(account, account.get("subscription", identifier))


@endpoint(blueprint, "POST", "/v1/subscriptions/<identifier>/resume", "SubscriptionResumeParams")
def resume(account: Account, params: Json, identifier: str) -> Json:
    """Resume a paused subscription; a new period starts now unless the anchor is to stay."""
    anchor = (params.get("billing_cycle_anchor") or {}).get("type", "now")
    return pausing.resume(account, account.get("subscription", identifier), anchor=anchor)


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
