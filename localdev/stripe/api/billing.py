"""/v1/subscriptions."""

from typing import Any

from flask import Blueprint

from localdev.stripe import billing, cards, changing, discounts, ending, pausing
from localdev.stripe.account import Account
from localdev.stripe.api.endpoint import endpoint
from localdev.stripe.api.lists import Condition, filters, page
from localdev.stripe.errors import ApiRefusal, Json
from localdev.stripe.objects.subscriptions import period
from localdev.stripe.params import merged_metadata

blueprint = Blueprint("billing", __name__)
# All that may still be said of a subscription that has ended.
_AFTER_ITS_END = {"cancellation_details", "metadata"}
# What `pending_if_incomplete` may come with.
_PENDING = {
    "billing_cycle_anchor",
    "items",
    "off_session",
    "payment_behavior",
    "proration_behavior",
    "proration_date",
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
    """Change a subscription: what it costs and when, how it is paid, when it ends, what is said of it."""
    subscription = account.get("subscription", identifier)
    if subscription["status"] in ending.ENDED and set(params) - _AFTER_ITS_END:
        raise ApiRefusal(
            "A canceled subscription can only update its cancellation_details and metadata.",
            code="invalid_canceled_subscription_fields",
        )
    if params.get("payment_behavior") == "pending_if_incomplete" and (
        other := set(params) - {*_PENDING, "trial_end"}
    ):
        raise ApiRefusal(
            f"When payment_behavior is pending_if_incomplete, these cannot be passed: {', '.join(sorted(other))}."
        )
    if "cancel_at" in params and "cancel_at_period_end" in params:
        raise ApiRefusal("You may only specify one of these parameters: cancel_at, cancel_at_period_end.")
    fields = _fields(account, subscription, params)
    if changing.is_wished(params):
        subscription = changing.change(account, subscription, changing.wish_of(params, fields))
    elif any(subscription[key] != value for key, value in fields.items()):
        account.update("customer.subscription.updated", subscription, **fields)
    if "pause_collection" in params:
        wanted = params["pause_collection"] or {}
        pausing.pause_collection(account, subscription, wanted.get("behavior"), wanted.get("resumes_at"))
    return _ending(account, subscription, params)


def _fields(account: Account, subscription: Json, params: Json) -> Json:
    """What is simply replaced."""
    fields: Json = {"metadata": merged_metadata(subscription["metadata"], params.get("metadata"))}
    if "cancellation_details" in params:
        fields["cancellation_details"] = subscription["cancellation_details"] | _details(params)
    if "description" in params:
        fields["description"] = params["description"] or None
    if "default_payment_method" in params:
        method = account.get(
            "payment_method", params["default_payment_method"], param="default_payment_method", status=400
        )
        if method["customer"] != subscription["customer"]:
            raise ApiRefusal(
                "The payment method does not belong to the subscription's customer.", param="default_payment_method"
            )
        fields["default_payment_method"] = method["id"]
        if method["id"] != subscription["default_payment_method"]:
            cards.forget_trouble(account, subscription["id"])
    if "default_tax_rates" in params:
        rates: list[str] = params["default_tax_rates"] or []
        fields["default_tax_rates"] = [
            account.get("tax_rate", one, param=f"default_tax_rates[{index}]", status=400)
            for index, one in enumerate(rates)
        ]
    if params.get("discounts") == "":
        fields["discounts"] = []
    elif params.get("discounts"):
        fields["discounts"] = [_discount(account, subscription, one) for one in params["discounts"]]
    return fields


def _discount(account: Account, subscription: Json, sent: Json) -> str:
    if "discount" in sent:
        return str(account.get("discount", sent["discount"], param="discounts[0][discount]", status=400)["id"])
    return str(discounts.attach(account, subscription, sent.get("coupon", ""))["id"])


def _ending(account: Account, subscription: Json, params: Json) -> Json:
    """Plan an ending, or undo one."""
    if params.get("cancel_at_period_end") is True:
        return billing.cancel_later(account, subscription, by="api", details=_details(params))
    at: Any = params.get("cancel_at")
    if at:
        moment = period(subscription)[1] if isinstance(at, str) else at
        prorated = moment != period(subscription)[1] and params.get("proration_behavior") != "none"
        planned = billing.cancel_later(account, subscription, by="api", details=_details(params), at=moment)
        account.store.write_note(subscription["id"], prorate_end=prorated)
        return planned
    undo = params.get("cancel_at_period_end") is False or at == ""
    if undo and subscription["cancel_at"] is not None:
        return billing.keep(account, subscription)
    return subscription


def _details(params: Json) -> Json:
    given = params.get("cancellation_details") or {}
    return {"comment": given.get("comment") or None, "feedback": given.get("feedback") or None}


@endpoint(blueprint, "DELETE", "/v1/subscriptions/<identifier>", "SubscriptionCancelParams")
def cancel(account: Account, params: Json, identifier: str) -> Json:
    """End a subscription now; `prorate` leaves a credit that waits for the customer's next invoice."""
    subscription = account.get("subscription", identifier)
    if params.get("prorate"):
        ending.require_running(subscription)
        billing.prorate_end(account, subscription)
    return ending.end(account, subscription, reason="cancellation_requested", details=_details(params))


@endpoint(blueprint, "POST", "/v1/subscriptions/<identifier>/pause", "SubscriptionPauseParams")
def pause(account: Account, params: Json, identifier: str) -> Json:
    """Pause a subscription; what was paid of the time to come is given back unless `bill_for` says else."""
    credit_from = ((params.get("bill_for") or {}).get("unused_time_from") or {}).get("type", "now")
    invoice = params.get("invoicing_behavior", "pending_invoice_item") == "invoice"
    found = account.get("subscription", identifier)
    return pausing.pause(account, found, credit_from=credit_from, invoice=invoice)


@endpoint(blueprint, "POST", "/v1/subscriptions/<identifier>/resume", "SubscriptionResumeParams")
def resume(account: Account, params: Json, identifier: str) -> Json:
    """Resume a paused subscription; a new period starts now unless the anchor is to stay."""
    anchor = (params.get("billing_cycle_anchor") or {}).get("type", "now")
    prorated = params.get("proration_behavior", "create_prorations") != "none"
    return pausing.resume(account, account.get("subscription", identifier), anchor=anchor, prorated=prorated)
