"""Subscriptions over time: renewals, endings planned and undone. Invoices are `invoicing`, payments `collecting`."""

import copy

from localdev.stripe import prorations
from localdev.stripe.account import Account
from localdev.stripe.collecting import (
    RETRY_DAYS,
    charge,
    collect,
    collected,
    payment_failed,
    retry,
    settle,
    settle_draft,
)
from localdev.stripe.ending import ENDED, end, require_running
from localdev.stripe.errors import ApiRefusal, Json
from localdev.stripe.invoicing import draft_invoice, finalize, let_off, link, mark_paid, payment_link
from localdev.stripe.objects.subscriptions import cancellation_details, moved, period
from localdev.stripe.periods import next_boundary

__all__ = [
    "RETRY_DAYS",
    "cancel_due",
    "cancel_later",
    "charge",
    "collect",
    "collected",
    "draft_invoice",
    "finalize",
    "keep",
    "let_off",
    "link",
    "mark_paid",
    "payment_failed",
    "payment_link",
    "renew",
    "retry",
    "settle",
]


def renew(account: Account, subscription_id: str) -> None:
    """The period is over: move it, make the invoice, and try to collect it. A trial ends with it."""
    subscription = account.get("subscription", subscription_id)
    start, end_of_period = period(subscription)
    if subscription["status"] in (*ENDED, "paused"):
        return
    recurring = subscription["items"]["data"][0]["price"]["recurring"]
    anchor = subscription["billing_cycle_anchor"]
    following = next_boundary(anchor, recurring["interval"], recurring["interval_count"], end_of_period)
    before = copy.deepcopy(subscription)
    if subscription["status"] == "trialing":
        subscription["status"] = "active"
    subscription["items"] = moved(subscription, end_of_period, following)
    invoice = draft_invoice(account, subscription, reason="subscription_cycle", previous_start=start)
    account.put(subscription)
    account.emit("customer.subscription.updated", subscription, before=before)
    account.store.schedule("renew", subscription_id, following)
    settle_draft(account, subscription, invoice)


def cancel_later(
    account: Account, subscription: Json, *, by: str, details: Json | None = None, at: int | None = None
) -> Json:
    """End at the period's end, or `at` a moment. The portal sets `cancel_at`; the API `cancel_at_period_end` too.

    :raises ApiRefusal: 404 for one that has ended, 400 for a moment in the past.
    """
    require_running(subscription)
    if at is not None and at <= account.now():
        raise ApiRefusal("cancel_at must be a timestamp in the future.", param="cancel_at")
    when = period(subscription)[1] if at is None else at
    account.store.schedule("cancel", subscription["id"], when)
    return account.update(
        "customer.subscription.updated",
        subscription,
        cancel_at=when,
        cancel_at_period_end=by == "api" and at is None,
        canceled_at=account.now(),
        cancellation_details=cancellation_details("cancellation_requested", **(details or {})),
    )


def keep(account: Account, subscription: Json) -> Json:
    """Undo a planned ending."""
    require_running(subscription)
    account.store.schedule("cancel", subscription["id"], None)
    account.store.write_note(subscription["id"], prorate_end=False)
    undone: Json = {"cancel_at": None, "cancel_at_period_end": False, "canceled_at": None}
    undone["cancellation_details"] = cancellation_details()
    return account.update("customer.subscription.updated", subscription, **undone)


def prorate_end(account: Account, subscription: Json) -> None:
    """A credit for what was paid of the time after now; it waits for an invoice that may never come."""
    for item in subscription["items"]["data"]:
        held = prorations.take(account, subscription, item["id"])
        prorations.give_back(account, subscription, item["id"], held, account.now())


def cancel_due(account: Account, subscription_id: str) -> None:
    """The planned ending has come."""
    subscription = account.get("subscription", subscription_id)
    if subscription["status"] not in ENDED:
        if account.store.note(subscription_id).get("prorate_end"):
            prorate_end(account, subscription)
        end(account, subscription, reason="cancellation_requested")
