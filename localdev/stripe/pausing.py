"""Two ways to stop charging for a while: a paused subscription, and paused collection.

A paused subscription (portal, dashboard or API) has `status: paused`, makes no invoices and its period stands still:
https://docs.stripe.com/billing/subscriptions/pause. Paused collection goes on making invoices that nobody has to
pay; its status does not change: https://docs.stripe.com/billing/subscriptions/pause-payment.
"""

from localdev.stripe import billing, ending, invoicing, prorations
from localdev.stripe.account import Account
from localdev.stripe.collecting import settle_draft
from localdev.stripe.errors import ApiRefusal, Json
from localdev.stripe.objects.subscriptions import moved, period
from localdev.stripe.periods import next_boundary


def pause(account: Account, subscription: Json, *, credit_from: str = "none", invoice: bool = False) -> Json:
    """Pause now: the current period ends at this moment. Told as `…updated`, then `…paused`.

    :param credit_from: from when unused time is given back: `none` (portal, control page), `now` (the API's default)
        or `item_current_period_start`. What is given back waits for the next invoice.
    :param invoice: the credit is invoiced at once, and goes to the customer's balance.
    :raises ApiRefusal: 400 when it is not active, is to end, or is of the classic billing mode.
    """
    if subscription["billing_mode"]["type"] != "flexible":
        raise ApiRefusal("Pausing requires a subscription with billing_mode type flexible.")
    if subscription["status"] not in ("active", "past_due"):
        raise ApiRefusal(f"A subscription with status {subscription['status']} cannot be paused.")
    if subscription["cancel_at"] is not None:
        raise ApiRefusal("A subscription that is set to cancel cannot be paused.")
    now, (start, end) = account.now(), period(subscription)
    if credit_from != "none":
        _give_back(account, subscription, start if credit_from == "item_current_period_start" else now)
    for job in ("renew", "retry"):
        account.store.schedule(job, subscription["id"], None)
    account.store.write_note(subscription["id"], paid_until=end if credit_from == "none" else now)
    before = {**subscription}
    subscription["items"] = moved(subscription, start, min(now, end))
    subscription["status"] = "paused"
    subscription["status_details"] = {
        "paused": {"subscription": {"type": "pause_requested"}, "transitioned_at": now, "type": "subscription"}
    }
    _tell(account, subscription, before, "paused")
    if credit_from != "none" and invoice and invoicing.anything_waiting(account, subscription):
        draft = billing.draft_invoice(
            account, subscription, reason="subscription_update", previous_start=start, bills_period=False
        )
        account.put(subscription)
        settle_draft(account, subscription, draft)
    return subscription


def _give_back(account: Account, subscription: Json, since: int) -> None:
    """Credits for what was paid of the time after a moment; whoever resumes within that time pays for it again."""
    for item in subscription["items"]["data"]:
        held = prorations.take(account, subscription, item["id"])
        prorations.give_back(account, subscription, item["id"], held, since)


def resume(account: Account, subscription: Json, *, anchor: str = "unchanged", prorated: bool = True) -> Json:
    """Go on. Within the period that was paid for it simply ends when it would have; after it a new one is charged.

    `anchor` is `unchanged` (portal, control page) or `now` (the API's default), which always starts a new period.
    Told as `…updated`, then `…resumed`, then the new period's invoice, if there is one.

    :param prorated: False (`proration_behavior=none`, anchor unchanged): the rest of the period around now is free.
    :raises ApiRefusal: 400 when it is not paused.
    """
    before = {**subscription}
    subscription, invoice = resumed(account, subscription, anchor=anchor, prorated=prorated)
    _tell(account, subscription, before, "resumed")
    account.store.schedule("renew", subscription["id"], period(subscription)[1])
    if invoice is not None:
        settle_draft(account, subscription, invoice)
    return subscription


def resumed(account: Account, subscription: Json, *, anchor: str, prorated: bool = True) -> tuple[Json, Json | None]:
    """A paused subscription as it is once it goes on, not written yet, and the draft of the period that begins.

    :raises ApiRefusal: 400 when it is not paused.
    """
    if subscription["status"] != "paused":
        raise ApiRefusal(f"Only a paused subscription can be resumed. This one is {subscription['status']}.")
    now, (start, _) = account.now(), period(subscription)
    paid_until = account.store.note(subscription["id"])["paid_until"]
    subscription["status"] = "active"
    del subscription["status_details"]
    if anchor == "unchanged" and paid_until > now:
        subscription["items"] = moved(subscription, start, paid_until)
        return subscription, None
    recurring = subscription["items"]["data"][0]["price"]["recurring"]
    if anchor == "unchanged" and not prorated:
        rhythm = recurring["interval"], recurring["interval_count"]
        subscription["items"] = moved(
            subscription, now, next_boundary(subscription["billing_cycle_anchor"], *rhythm, now)
        )
        return subscription, None
    end = next_boundary(now, recurring["interval"], recurring["interval_count"], now)
    subscription["billing_cycle_anchor"] = now
    subscription["items"] = moved(subscription, now, end)
    invoice = billing.draft_invoice(account, subscription, reason="subscription_update", previous_start=start)
    return subscription, invoice


def pause_collection(
    account: Account, subscription: Json, behavior: str | None, resumes_at: int | None = None
) -> Json:
    """Stop collecting (`keep_as_draft`, `mark_uncollectible` or `void`), or (None) collect again.

    :raises ApiRefusal: 404 for one that has ended, 400 for a moment in the past.
    """
    ending.require_running(subscription)
    if resumes_at is not None and resumes_at <= account.now():
        raise ApiRefusal("Must be a timestamp in the future.", param="pause_collection[resumes_at]")
    account.store.schedule("collect", subscription["id"], resumes_at)
    wanted = None if behavior is None else {"behavior": behavior, "resumes_at": resumes_at}
    if subscription["pause_collection"] == wanted:
        return subscription
    return account.update("customer.subscription.updated", subscription, pause_collection=wanted)


def collect_due(account: Account, subscription_id: str) -> None:
    """`pause_collection[resumes_at]` has come."""
    subscription = account.get("subscription", subscription_id)
    if subscription["status"] != "canceled":
        pause_collection(account, subscription, None)


def _tell(account: Account, subscription: Json, before: Json, what: str) -> None:
    account.put(subscription)
    account.emit("customer.subscription.updated", subscription, before=before)
    account.emit(f"customer.subscription.{what}", subscription)
