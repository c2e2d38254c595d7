"""Collecting an open invoice: the try, what becomes of it, the tries after it, and what the subscription is then."""

from localdev.stripe import invoicing, payments, pending
from localdev.stripe.account import Account
from localdev.stripe.ending import ENDED, end
from localdev.stripe.errors import Json
from localdev.stripe.objects import customers
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


def charge(account: Account, subscription: Json, invoice: Json) -> None:
    """Try to collect an open invoice with a payment intent of its own."""
    intent = payments.create_intent(
        account,
        invoice["amount_due"],
        invoice["currency"],
        customer=subscription["customer"],
        description="Subscription update",
    )
    invoicing.link(account, invoice, intent)
    collect(account, subscription, invoice, intent)


def collect(account: Account, subscription: Json, invoice: Json, intent: Json, *, confirmed: bool = False) -> None:
    """Try the default payment method on an open invoice.

    It succeeds unless the subscription was told else (`tell_next`). Where there is no method at all nothing is tried,
    and the invoice counts as failed. `confirmed`: the payer is there and has answered the bank.
    """
    method_id = _method(account, subscription)
    if method_id is None:
        payment_failed(account, subscription, invoice)
        return
    method = account.get("payment_method", method_id)
    note = account.store.note(subscription["id"])
    step = "succeeded" if confirmed else _step(note)
    refusal = EXPIRED if note.get("gone") else DECLINED
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


def pay(account: Account, subscription: Json, invoice: Json) -> None:
    """Another try at one open invoice."""
    known = invoicing.payment_link(account, invoice)
    if known is None:
        charge(account, subscription, invoice)
        return
    collect(account, subscription, invoice, account.get("payment_intent", known["payment"]["payment_intent"]))


def pay_by_hand(account: Account, subscription: Json, invoice: Json) -> None:
    """The payer is on the invoice's own page: they answer the bank, or pay with a card that works."""
    known = invoicing.payment_link(account, invoice)
    intent = account.get("payment_intent", known["payment"]["payment_intent"]) if known else None
    if intent is not None and intent["status"] == "requires_action":
        collect(account, subscription, invoice, intent, confirmed=True)
        return
    replace_card(account, subscription)
    pay(account, subscription, invoice)


def replace_card(account: Account, subscription: Json) -> None:
    """A card that works from now on; a new one where the old one was removed."""
    tell_next(account, subscription["id"], "succeeds")
    if _method(account, subscription) is None:
        customer = account.get("customer", subscription["customer"])
        billing = customers.billing_details(customer["email"], customer["name"], "DE")
        made = account.put(customers.payment_method(account.now(), "card", "4242", billing, customer["id"]))
        account.emit("payment_method.attached", made)
        account.update("customer.subscription.updated", subscription, default_payment_method=made["id"])


def remove_card(account: Account, subscription: Json) -> None:
    """The payer takes their card away: nothing is left that could be charged. Told as `payment_method.detached`."""
    customer = account.get("customer", subscription["customer"])
    for method_id in {subscription["default_payment_method"], customer["invoice_settings"]["default_payment_method"]}:
        if method_id is not None:
            method = account.get("payment_method", method_id)
            account.update("payment_method.detached", method, customer=None)
    settings = {**customer["invoice_settings"], "default_payment_method": None}
    account.put(customer | {"invoice_settings": settings})
    if subscription["default_payment_method"] is not None:
        account.update("customer.subscription.updated", subscription, default_payment_method=None)


def _method(account: Account, subscription: Json) -> str | None:
    """What is charged: the subscription's own method, else the customer's."""
    own: str | None = subscription["default_payment_method"]
    if own is not None:
        return own
    customer = account.get("customer", subscription["customer"])
    found: str | None = customer["invoice_settings"]["default_payment_method"]
    return found


def _give_up(account: Account, subscription: Json) -> None:
    end(account, subscription, reason="payment_failed")
