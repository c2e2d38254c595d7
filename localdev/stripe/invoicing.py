"""An invoice's way from draft to paid: what waited for it, discounts and tax, the customer's balance."""

from localdev.stripe import credit, discounts, prorations
from localdev.stripe.account import Account
from localdev.stripe.currencies import step
from localdev.stripe.errors import Json
from localdev.stripe.objects import invoices as build
from localdev.stripe.objects import lines as build_line
from localdev.stripe.objects.subscriptions import period
from localdev.stripe.totals import reckon


def draft_invoice(
    account: Account, subscription: Json, *, reason: str, previous_start: int, bills_period: bool = True
) -> Json:
    """A draft invoice, named by the subscription; not told yet.

    It holds what waited for it, newest first, then (`bills_period`) every item for its current period. A discount
    for once is used up by it. The caller writes the subscription.
    """
    now = account.now()
    customer = account.get("customer", subscription["customer"])
    back = (previous_start, period(subscription)[0]) if bills_period else (now, now)
    invoice = build.invoice(now, subscription, customer, reason=reason, back=back)
    # Checkout's own invoice is what the session said, nothing else.
    waiting = [] if reason == "subscription_create" else _waiting(account, subscription)
    lines = [build_line.of_invoice_item(one) for one in waiting]
    periods = _period_lines(account, subscription) if bills_period else []
    lines += periods
    cuts = discounts.due(account, subscription, invoice)
    sums = reckon(lines, cuts, discounts.rates_of(subscription), step(subscription["currency"]))
    discounts.use_up(account, subscription, sums["total_discount_amounts"])
    invoice = build.with_lines(invoice, lines, sums)
    account.put(invoice)
    account.store.write_note(invoice["id"], lines=lines)
    for one, line in zip(waiting, lines, strict=False):
        account.put(one | {"invoice": invoice["id"]})
        prorations.now_on(account, subscription["id"], one["id"], invoice["id"], line["id"])
    if bills_period:
        prorations.remember(account, subscription, periods)
    subscription["latest_invoice"] = invoice["id"]
    return invoice


def _waiting(account: Account, subscription: Json) -> list[Json]:
    """The invoice items that go on this subscription's next invoice: its own and the customer's, newest first."""
    owners = (None, subscription["id"])
    waiting = [
        one for one in account.store.find("invoiceitem", customer=subscription["customer"]) if not one["invoice"]
    ]
    return [one for one in waiting if one["currency"] == subscription["currency"] and _owner(one) in owners]


def anything_waiting(account: Account, subscription: Json) -> bool:
    """Whether an invoice now would hold anything but the periods."""
    return bool(_waiting(account, subscription))


def _owner(one: Json) -> str | None:
    details = (one["parent"] or {}).get("subscription_details") or {}
    found: str | None = details.get("subscription")
    return found


def _period_lines(account: Account, subscription: Json) -> list[Json]:
    trial = subscription["status"] == "trialing"
    return [
        build_line.of_period(subscription, item, prorations.name_of(account, item["price"]), trial=trial)
        for item in reversed(subscription["items"]["data"])
    ]


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
    if invoice["billing_reason"] != "subscription_create":
        invoice |= credit.settle(account, invoice)
    invoice["status_transitions"]["finalized_at"] = now
    account.put(invoice)
    account.emit("invoice.finalized", invoice)


def link(account: Account, invoice: Json, intent: Json) -> Json:
    """The invoice payment that ties an invoice to a payment intent; not told until it is paid."""
    return account.put(build.invoice_payment(account.now(), invoice, intent["id"]))


def payment_link(account: Account, invoice: Json) -> Json | None:
    """The invoice payment of an invoice; None where no payment was ever begun."""
    found = account.store.find("invoice_payment", invoice=invoice["id"], limit=1)
    return found[0] if found else None


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
    paid = payment_link(account, invoice)
    if due == 0 or paid is None:
        return  # nothing was charged, so no payment is linked
    paid |= {"amount_paid": due, "status": "paid"}
    paid["status_transitions"]["paid_at"] = now
    account.put(paid)
    account.emit("invoice_payment.paid", paid)


def let_off(account: Account, invoice: Json, *, void: bool) -> None:
    """Nobody has to pay an open invoice: `invoice.voided` or `invoice.marked_uncollectible`."""
    word = "voided" if void else "marked_uncollectible"
    invoice |= {"auto_advance": False, "status": "void" if void else "uncollectible"}
    invoice["status_transitions"][f"{word}_at"] = account.now()
    account.put(invoice)
    account.emit(f"invoice.{word}", invoice)
