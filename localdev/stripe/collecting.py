"""Collecting an open invoice: the try, what becomes of it, the tries after it, and what the subscription is then."""

from localdev.stripe import cards, invoicing, payments, pending
from localdev.stripe.account import Account
from localdev.stripe.ending import ENDED, end
from localdev.stripe.errors import ApiRefusal, Json
from localdev.stripe.objects.payments import DECLINED, EXPIRED
from localdev.stripe.payments import Step

_DAY = 86_400
# Days from one failed try to the next; after the last one the subscription ends. Stripe's classic schedule.
RETRY_DAYS = (3, 5, 7)


def settle_draft(account: Account, subscription: Json, invoice: Json) -> None:
    """What becomes of a draft: charged, or let off while collection is paused, or nothing is due."""
    paused = subscription["pause_collection"]
    if paused and paused["behavior"] == "keep_as_draft":
        invoice["auto_advance"] = False
        account.put(invoice)
        account.emit("invoice.created", invoice)
        return
    invoicing.finalize(account, invoice)
    if invoice["amount_due"] == 0:
        paid(account, subscription, invoice)
    elif paused:
        invoicing.let_off(account, invoice, void=paused["behavior"] == "void")
    else:
        charge(account, subscription, invoice)


def charge(account: Account, subscription: Json, invoice: Json, with_method: str | None = None) -> None:
    """Try to collect an open invoice with a payment intent of its own."""
    intent = payments.create_intent(
        account,
        invoice["amount_due"],
        invoice["currency"],
        customer=subscription["customer"],
        description="Subscription update",
    )
    invoicing.link(account, invoice, intent)
    collect(account, subscription, invoice, intent, with_method=with_method)


def collect(
    account: Account,
    subscription: Json,
    invoice: Json,
    intent: Json,
    *,
    confirmed: bool = False,
    with_method: str | None = None,
) -> None:
    """Try an open invoice `with_method`, or with the method that the subscription is charged to.

    It succeeds unless the subscription was told else (`tell_next`) or the card would not (`cards`). Where there is no
    method at all nothing is tried, and the invoice counts as failed. `confirmed`: the payer is there and has answered
    the bank.
    """
    method_id = with_method or cards.charged(account, subscription)
    if method_id is None:
        payment_failed(account, subscription, invoice)
        return
    method = account.get("payment_method", method_id)
    note = account.store.note(subscription["id"]) if method_id == cards.charged(account, subscription) else {}
    own_step, own_refusal = cards.would(account, method)
    step = "succeeded" if confirmed else _step(note) if own_step == "succeeded" else own_step
    refusal = own_refusal or (EXPIRED if note.get("gone") else DECLINED)
    made = payments.attempt(account, intent, method, step, recurring=True, refusal=refusal)
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
        case "needs_action":
            _action_required(account, subscription, invoice)


def tell_next(account: Account, subscription_id: str, outcome: str) -> None:
    """How payments end from now on: succeeds, fails, delayed, needs_action, card_gone (expired)."""
    account.store.write_note(
        subscription_id,
        action=outcome == "needs_action",
        fails=outcome == "fails",
        gone=outcome == "card_gone",
        slow=outcome == "delayed",
    )


def _step(note: Json) -> Step:
    if note.get("fails") or note.get("gone"):
        return "declined"
    return "needs_action" if note.get("action") else "pending" if note.get("slow") else "succeeded"


def collected(account: Account, subscription: Json, invoice: Json, made: Json) -> None:
    """The money of an open invoice is there: it is paid, and a late subscription is active again."""
    for job in ("retry", "unconfirmed"):
        account.store.schedule(job, subscription["id"], None)
    paid(account, subscription, invoice)
    payments.book(account, made)


def paid(account: Account, subscription: Json, invoice: Json) -> None:
    """An invoice is paid, with money or without: a late subscription is active again, what waited for it happens."""
    invoicing.mark_paid(account, invoice)
    if subscription["status"] == "past_due" and subscription["latest_invoice"] == invoice["id"]:
        account.update("customer.subscription.updated", subscription, status="active")
    pending.apply(account, subscription, invoice)


def settle(account: Account, intent: Json, *, succeeds: bool) -> Json:
    """End a renewal's delayed payment; answers the subscription."""
    made = payments.settle(account, intent, succeeds=succeeds, recurring=True)
    linked = account.store.find("invoice_payment", payment__payment_intent=intent["id"], limit=1)[0]
    invoice = account.get("invoice", linked["invoice"])
    subscription = account.get("subscription", invoice["parent"]["subscription_details"]["subscription"])
    if succeeds:
        collected(account, subscription, invoice, made)
    elif subscription["status"] not in ENDED:
        payment_failed(account, subscription, invoice)
    return subscription


def payment_failed(account: Account, subscription: Json, invoice: Json) -> None:
    """A try failed: tell it, plan the next one, or end the subscription after the last.

    A change that waits for this very payment leaves the subscription as it is; nothing is tried again by itself.
    """
    waits = pending.waits_for(account, subscription, invoice)
    tries = invoice["attempt_count"] + 1
    last = tries > len(RETRY_DAYS)
    following = None if last or waits else account.now() + RETRY_DAYS[tries - 1] * _DAY
    invoice |= {"attempt_count": tries, "attempted": True, "auto_advance": not last}
    invoice["next_payment_attempt"] = following
    account.put(invoice)
    account.emit("invoice.payment_failed", invoice)
    if waits:
        return
    account.store.schedule("retry", subscription["id"], following)
    if last:
        _give_up(account, subscription)
    elif subscription["status"] != "past_due":
        account.update("customer.subscription.updated", subscription, status="past_due")


def _action_required(account: Account, subscription: Json, invoice: Json) -> None:
    """The bank wants to ask a payer who is not there: nothing is tried again until they confirm.

    The subscription ends when nobody did within 15 days; at Stripe that is a setting.
    """
    invoice |= {"attempt_count": invoice["attempt_count"] + 1, "attempted": True, "next_payment_attempt": None}
    account.put(invoice)
    account.emit("invoice.payment_action_required", invoice)
    account.emit("invoice.payment_failed", invoice)
    if pending.waits_for(account, subscription, invoice):
        return
    account.store.schedule("retry", subscription["id"], None)
    account.store.schedule("unconfirmed", subscription["id"], account.now() + sum(RETRY_DAYS) * _DAY)
    if subscription["status"] != "past_due":
        account.update("customer.subscription.updated", subscription, status="past_due")


def finalize_by_api(account: Account, invoice: Json, *, collects: bool) -> Json:
    """`POST /v1/invoices/{id}/finalize`: a draft is open, and collected at once unless it is not to be.

    :raises ApiRefusal: 400 for one that is no draft.
    """
    if invoice["status"] != "draft":
        raise ApiRefusal("This invoice is already finalized, you can't re-finalize a non-draft invoice.")
    invoice["auto_advance"] = collects
    invoicing.finalize(account, invoice)
    subscription = account.get("subscription", invoice["parent"]["subscription_details"]["subscription"])
    if invoice["amount_due"] == 0:
        paid(account, subscription, invoice)
    elif collects:
        charge(account, subscription, invoice)
    return account.get("invoice", invoice["id"])


def void(account: Account, invoice: Json) -> Json:
    """`POST /v1/invoices/{id}/void`: told as `invoice.voided`; a late subscription is active again.

    :raises ApiRefusal: 400 for one that is not open.
    """
    if invoice["status"] not in ("open", "uncollectible"):
        raise ApiRefusal("You can only pass in open or uncollectible invoices. This invoice isn't.")
    invoicing.let_off(account, invoice, void=True)
    details = (invoice["parent"] or {}).get("subscription_details") or {}
    subscription = account.store.get(details.get("subscription") or "", "subscription")
    if subscription is None or subscription["latest_invoice"] != invoice["id"]:
        return invoice
    if pending.waits_for(account, subscription, invoice):
        pending.drop(account, subscription)
    elif subscription["status"] in ("past_due", "unpaid"):
        account.store.schedule("retry", subscription["id"], None)
        account.store.schedule("unconfirmed", subscription["id"], None)
        account.update("customer.subscription.updated", subscription, status="active")
    return invoice


def unconfirmed(account: Account, subscription_id: str) -> None:
    """Nobody confirmed in time."""
    subscription = account.get("subscription", subscription_id)
    invoice = account.get("invoice", subscription["latest_invoice"])
    if subscription["status"] not in ENDED and invoice["status"] == "open":
        _give_up(account, subscription)


def retry(account: Account, subscription_id: str) -> None:
    """Another try at the latest unpaid invoice."""
    subscription = account.get("subscription", subscription_id)
    invoice = account.get("invoice", subscription["latest_invoice"])
    account.store.schedule("retry", subscription_id, None)
    if subscription["status"] not in ENDED and invoice["status"] == "open":
        pay(account, subscription, invoice)


def pay(account: Account, subscription: Json, invoice: Json, with_method: str | None = None) -> None:
    """Another try at one open invoice."""
    known = invoicing.payment_link(account, invoice)
    if known is None:
        charge(account, subscription, invoice, with_method)
        return
    intent = account.get("payment_intent", known["payment"]["payment_intent"])
    collect(account, subscription, invoice, intent, with_method=with_method)


def pay_by_api(account: Account, invoice: Json, with_method: str | None) -> Json | ApiRefusal:
    """`POST /v1/invoices/{id}/pay`; a refused card is answered as a refusal, and the try has happened all the same.

    :raises ApiRefusal: 400 for an invoice that is not open, or a method of another customer.
    """
    if invoice["status"] == "paid":
        raise ApiRefusal("Invoice is already paid", code="invoice_already_paid")
    if invoice["status"] != "open":
        raise ApiRefusal(f"This invoice can no longer be paid: it is {invoice['status']}.")
    if with_method is not None:
        method = account.get("payment_method", with_method, param="payment_method", status=400)
        if method["customer"] != invoice["customer"]:
            raise ApiRefusal("The payment method does not belong to the invoice's customer.", param="payment_method")
    subscription = account.get("subscription", invoice["parent"]["subscription_details"]["subscription"])
    if with_method is None and cards.charged(account, subscription) is None:
        raise ApiRefusal("There is no payment method to pay this invoice with.", code="missing_payment_method")
    pay(account, subscription, invoice, with_method)
    paid_now = account.get("invoice", invoice["id"])
    if paid_now["status"] == "paid" or not paid_now["attempted"]:
        return paid_now
    known = invoicing.payment_link(account, paid_now)
    intent = account.get("payment_intent", known["payment"]["payment_intent"]) if known else None
    if intent is not None and intent["status"] == "requires_action":
        return ApiRefusal(
            "This payment requires additional user action before it can be completed successfully.",
            code="invoice_payment_intent_requires_action",
            status=402,
            kind="card_error",
        )
    if intent is not None and intent["last_payment_error"]:
        error = intent["last_payment_error"]
        return ApiRefusal(error["message"], code=error["code"], status=402, kind="card_error")
    return paid_now


def pay_by_hand(account: Account, subscription: Json, invoice: Json) -> None:
    """The payer is on the invoice's own page: they answer the bank, or pay with a card that works."""
    known = invoicing.payment_link(account, invoice)
    intent = account.get("payment_intent", known["payment"]["payment_intent"]) if known else None
    if intent is not None and intent["status"] == "requires_action":
        collect(account, subscription, invoice, intent, confirmed=True)
        return
    tell_next(account, subscription["id"], "succeeds")
    cards.replace_card(account, subscription)
    pay(account, subscription, invoice)


def _give_up(account: Account, subscription: Json) -> None:
    end(account, subscription, reason="payment_failed")
