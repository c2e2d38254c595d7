"""Subscriptions over time: the first payment, renewals, failed renewals with their retries, and endings."""

from localdev.stripe import discounts, payments
from localdev.stripe.account import Account
from localdev.stripe.errors import Json, StripeError
from localdev.stripe.objects import invoices as build
from localdev.stripe.objects.subscriptions import period
from localdev.stripe.payments import Step
from localdev.stripe.periods import next_boundary

_DAY = 86_400
# Days from one failed try to the next; after the last one the subscription ends. Stripe's classic schedule.
RETRY_DAYS = (3, 5, 7)
_ENDED = ("canceled", "incomplete_expired")


def draft_invoice(account: Account, subscription: Json, *, reason: str, previous_start: int) -> Json:
    """A draft invoice for the current period, named by the subscription; not told yet."""
    customer = account.get("customer", subscription["customer"])
    invoice = build.invoice(account.now(), subscription, customer, reason=reason, previous_start=previous_start)
    account.put(invoice)
    subscription["latest_invoice"] = invoice["id"]
    return invoice


def finalize(account: Account, invoice: Json) -> None:
    """Tell of the draft and of its finalization. Stripe lets a renewal's draft rest for an hour.

    Here it is finalized at once, so that moving the clock by a month always brings the month's payment.
    """
    account.emit("invoice.created", invoice)
    customer = account.get("customer", invoice["customer"])
    number = f"{customer['invoice_prefix']}-{customer['next_invoice_sequence']:04d}"
    account.put(customer | {"next_invoice_sequence": customer["next_invoice_sequence"] + 1})
    now = account.now()
    page = f"{account.config.base_url}/i/{invoice['id']}"
    invoice |= {"status": "open", "number": number, "effective_at": now, "hosted_invoice_url": page}
    invoice["status_transitions"]["finalized_at"] = now
    account.put(invoice)
    account.emit("invoice.finalized", invoice)


def link(account: Account, invoice: Json, intent: Json) -> Json:
    """The invoice payment that ties an invoice to a payment intent; not told until it is paid."""
    return account.put(build.invoice_payment(account.now(), invoice, intent["id"]))


def payment_link(account: Account, invoice: Json) -> Json:
    """The invoice payment of an invoice."""
    return account.store.find("invoice_payment", invoice=invoice["id"])[0]


def mark_paid(account: Account, invoice: Json) -> None:
    """The invoice is paid: `invoice.paid`, `invoice.payment_succeeded` and `invoice_payment.paid`."""
    now, due = account.now(), invoice["amount_due"]
    invoice |= {"amount_paid": due, "amount_remaining": 0, "attempted": True, "auto_advance": False}
    tries = invoice["attempt_count"] + (1 if due else 0)
    invoice |= {"attempt_count": tries, "next_payment_attempt": None, "status": "paid"}
    invoice["status_transitions"]["paid_at"] = now
    account.put(invoice)
    account.emit("invoice.paid", invoice)
    account.emit("invoice.payment_succeeded", invoice)
    if due == 0:
        return  # nothing was charged, so no payment is linked
    paid = payment_link(account, invoice)
    paid |= {"amount_paid": due, "status": "paid"}
    paid["status_transitions"]["paid_at"] = now
    account.put(paid)
    account.emit("invoice_payment.paid", paid)


def renew(account: Account, subscription_id: str) -> None:
    """The period is over: move it, make the invoice, and try to collect it."""
    subscription = account.get("subscription", subscription_id)
    start, end = period(subscription)
    if subscription["status"] in (*_ENDED, "paused"):
        return
    item = subscription["items"]["data"][0]
    recurring = item["price"]["recurring"]
    anchor = subscription["billing_cycle_anchor"]
    following = next_boundary(anchor, recurring["interval"], recurring["interval_count"], end)
    free = bool(account.store.note(subscription_id).get("free_next"))
    moved = {**item, "current_period_start": end, "current_period_end": following}
    before = {**subscription}  # shallow: what changes below is replaced, not altered
    subscription["items"] = {**subscription["items"], "data": [moved]}
    invoice = draft_invoice(account, subscription, reason="subscription_cycle", previous_start=start)
    account.put(subscription)
    account.emit("customer.subscription.updated", subscription, before=before)
    account.store.schedule("renew", subscription_id, following)
    if free:
        account.store.write_note(subscription_id, free_next=False)
        discounts.make_free(account, invoice)
    _collect_or_not(account, subscription, invoice)


def _collect_or_not(account: Account, subscription: Json, invoice: Json) -> None:
    """What becomes of a renewal's draft: charged, or let off while collection is paused, or nothing is due."""
    paused = subscription["pause_collection"]
    if paused and paused["behavior"] == "keep_as_draft":
        invoice["auto_advance"] = False
        account.put(invoice)
        account.emit("invoice.created", invoice)
        return
    finalize(account, invoice)
    if invoice["amount_due"] == 0:
        mark_paid(account, invoice)
    elif paused:
        let_off(account, invoice, void=paused["behavior"] == "void")
    else:
        charge(account, subscription, invoice)


def let_off(account: Account, invoice: Json, *, void: bool) -> None:
    """Nobody has to pay an open invoice: `invoice.voided` or `invoice.marked_uncollectible`."""
    word = "voided" if void else "marked_uncollectible"
    invoice |= {"auto_advance": False, "status": "void" if void else "uncollectible"}
    invoice["status_transitions"][f"{word}_at"] = account.now()
    account.put(invoice)
    account.emit(f"invoice.{word}", invoice)


def charge(account: Account, subscription: Json, invoice: Json) -> None:
    """Try to collect an open invoice with a payment intent of its own."""
    intent = payments.create_intent(
        account,
        invoice["amount_due"],
        invoice["currency"],
        customer=subscription["customer"],
        description="Subscription update",
    )
    link(account, invoice, intent)
    collect(account, subscription, invoice, intent)


def collect(account: Account, subscription: Json, invoice: Json, intent: Json) -> None:
    """Try the default payment method on an open invoice.

    It succeeds unless the subscription was told that its payments fail, or (`slow`) take days as a debit does.
    """
    method = account.get("payment_method", subscription["default_payment_method"])
    note = account.store.note(subscription["id"])
    step: Step = "declined" if note.get("fails") else "pending" if note.get("slow") else "succeeded"
    made = payments.attempt(account, intent, method, step, recurring=True)
    if note.get("foreign"):
        account.store.write_note(made["id"], foreign=True)
    match step:
        case "succeeded":
            collected(account, subscription, invoice, made)
        case "pending":
            account.store.schedule("retry", subscription["id"], None)
            account.put(invoice | {"attempted": True, "next_payment_attempt": None})
        case "declined":
            payment_failed(account, subscription, invoice)


def collected(account: Account, subscription: Json, invoice: Json, made: Json) -> None:
    """The money of an open invoice is there: it is paid, and a late subscription is active again."""
    mark_paid(account, invoice)
    account.store.schedule("retry", subscription["id"], None)
    if subscription["status"] == "past_due":
        account.update("customer.subscription.updated", subscription, status="active")
    payments.book(account, made)


def settle(account: Account, intent: Json, *, succeeds: bool) -> Json:
    """End a renewal's delayed payment; answers the subscription."""
    made = payments.settle(account, intent, succeeds=succeeds, recurring=True)
    linked = account.store.find("invoice_payment", payment__payment_intent=intent["id"], limit=1)[0]
    invoice = account.get("invoice", linked["invoice"])
    subscription = account.get("subscription", invoice["parent"]["subscription_details"]["subscription"])
    if succeeds:
        collected(account, subscription, invoice, made)
    elif subscription["status"] not in _ENDED:
        payment_failed(account, subscription, invoice)
    return subscription


def payment_failed(account: Account, subscription: Json, invoice: Json) -> None:
    """A try failed: tell it, plan the next one, or end the subscription after the last."""
    tries = invoice["attempt_count"] + 1
    last = tries > len(RETRY_DAYS)
    following = None if last else account.now() + RETRY_DAYS[tries - 1] * _DAY
    invoice |= {"attempt_count": tries, "attempted": True, "auto_advance": not last}
    invoice["next_payment_attempt"] = following
    account.put(invoice)
    account.emit("invoice.payment_failed", invoice)
    account.store.schedule("retry", subscription["id"], following)
    if last:
        end(account, subscription, reason="payment_failed")
    elif subscription["status"] != "past_due":
        account.update("customer.subscription.updated", subscription, status="past_due")


def retry(account: Account, subscription_id: str) -> None:
    """Another try at the latest unpaid invoice."""
    subscription = account.get("subscription", subscription_id)
    invoice = account.get("invoice", subscription["latest_invoice"])
    account.store.schedule("retry", subscription_id, None)
    if subscription["status"] in _ENDED or invoice["status"] != "open":
        return
    intent = account.get("payment_intent", payment_link(account, invoice)["payment"]["payment_intent"])
    collect(account, subscription, invoice, intent)


def cancel_later(account: Account, subscription: Json, *, by: str, details: Json | None = None) -> Json:
    """End at the period's end. The portal sets only `cancel_at`; the API sets `cancel_at_period_end` too."""
    require_running(subscription)
    _, end_of_period = period(subscription)
    account.store.schedule("cancel", subscription["id"], end_of_period)
    return account.update(
        "customer.subscription.updated",
        subscription,
        cancel_at=end_of_period,
        cancel_at_period_end=by == "api",
        canceled_at=account.now(),
        cancellation_details={**(details or _no_details()), "reason": "cancellation_requested"},
    )


def keep(account: Account, subscription: Json) -> Json:
    """Undo a planned ending."""
    require_running(subscription)
    account.store.schedule("cancel", subscription["id"], None)
    undone = {"cancel_at": None, "cancel_at_period_end": False, "canceled_at": None}
    return account.update("customer.subscription.updated", subscription, **undone, cancellation_details=_no_details())


def end(account: Account, subscription: Json, *, reason: str, details: Json | None = None) -> Json:
    """End now; answers the canceled subscription, told as `customer.subscription.deleted`."""
    require_running(subscription)
    now = account.now()
    for job in ("renew", "retry", "cancel", "collect"):
        account.store.schedule(job, subscription["id"], None)
    subscription |= {"status": "canceled", "ended_at": now, "canceled_at": subscription["canceled_at"] or now}
    subscription["cancellation_details"] = {**(details or subscription["cancellation_details"]), "reason": reason}
    account.put(subscription)
    account.emit("customer.subscription.deleted", subscription)
    return subscription


def cancel_due(account: Account, subscription_id: str) -> None:
    """The planned ending has come."""
    subscription = account.get("subscription", subscription_id)
    if subscription["status"] not in _ENDED:
        end(account, subscription, reason="cancellation_requested")


def _no_details() -> Json:
    return {"comment": None, "feedback": None, "reason": None}


def require_running(subscription: Json) -> None:
    """Refuse what an ended subscription cannot do.

    :raises StripeError: 404 `resource_missing`, as Stripe says of one that is canceled.
    """
    if subscription["status"] in _ENDED:
        raise StripeError(
            f"No such subscription: '{subscription['id']}'", code="resource_missing", param="id", status=404
        )
