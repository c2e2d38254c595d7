"""What a subscription's next invoice would be, now or after a change: it is drawn up, and then it never happened.

https://docs.stripe.com/api/invoices/create_preview. A change that invoices something at once shows that invoice; any
other change shows the next period's, with what waits for it.
"""

import copy

from localdev.stripe import changing, credit, invoicing, pausing
from localdev.stripe.account import Account
from localdev.stripe.changing import Wish
from localdev.stripe.ending import ENDED
from localdev.stripe.errors import ApiRefusal, Json, missing_object, missing_param
from localdev.stripe.objects.subscriptions import moved, period
from localdev.stripe.periods import next_boundary


def preview(account: Account, params: Json, wish: Wish | None) -> Json:
    """The invoice, as a draft with an id of its own kind; `wish` is the change that is tried out.

    :raises ApiRefusal: 404 `invoice_upcoming_none` where no invoice will come, and what the change itself is refused.
    """
    with account.rehearsal():
        subscription = _subscription(account, params)
        if subscription["status"] in ENDED:
            raise _none(subscription)
        resume_at = (params.get("subscription_details") or {}).get("resume_at")
        if resume_at is not None:
            return _shown(account, subscription, pausing.resumed(account, subscription, anchor="now")[1])
        changed, invoice = copy.deepcopy(subscription), None
        if wish is not None:
            changed, invoice, _ = changing.prepare(account, subscription, wish)
        return _shown(account, subscription, invoice or _next(account, changed))


def _subscription(account: Account, params: Json) -> Json:
    if params.get("subscription"):
        found = account.get("subscription", params["subscription"], param="subscription")
        if params.get("customer") not in (None, found["customer"]):
            raise missing_object("subscription", found["id"], "subscription")
        return found
    if not params.get("customer"):
        raise missing_param("customer")
    running = account.store.find("subscription", customer=params["customer"])
    found_next = min(
        (one for one in running if one["status"] not in ENDED), key=lambda one: period(one)[1], default=None
    )
    if found_next is None:
        raise ApiRefusal(
            f"No upcoming invoices for customer: {params['customer']}", code="invoice_upcoming_none", status=404
        )
    return found_next


def _next(account: Account, subscription: Json) -> Json:
    """The draft of the period after this one."""
    start, end = period(subscription)
    ends_at = subscription["cancel_at"]
    if subscription["status"] == "paused" or (ends_at is not None and ends_at <= end):
        raise _none(subscription)
    recurring = subscription["items"]["data"][0]["price"]["recurring"]
    following = next_boundary(
        subscription["billing_cycle_anchor"], recurring["interval"], recurring["interval_count"], end
    )
    if subscription["status"] == "trialing":
        subscription["status"] = "active"
    subscription["items"] = moved(subscription, end, following)
    made = invoicing.draft_invoice(account, subscription, reason="subscription_cycle", previous_start=start)
    return made | {"created": end}


def _shown(account: Account, subscription: Json, invoice: Json | None) -> Json:
    if invoice is None:
        raise _none(subscription)
    due = credit.settle(account, invoice)
    upcoming = f"upcoming_{invoice['id']}"
    lines = invoice["lines"] | {"url": f"/v1/invoices/{upcoming}/lines"}
    lines["data"] = [line | {"invoice": upcoming} for line in lines["data"]]
    return invoice | due | {"id": upcoming, "billing_reason": "upcoming", "lines": lines, "auto_advance": False}


def _none(subscription: Json) -> ApiRefusal:
    return ApiRefusal(
        f"No upcoming invoices for customer: {subscription['customer']}", code="invoice_upcoming_none", status=404
    )
