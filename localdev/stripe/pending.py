"""A change that happens once its invoice is paid: `payment_behavior=pending_if_incomplete`.

Until then the subscription stays as it was and shows `pending_update`; after 23 hours the invoice is voided and the
change forgotten: https://docs.stripe.com/billing/subscriptions/pending-updates.
"""

import copy

from localdev.stripe import invoicing
from localdev.stripe.account import Account
from localdev.stripe.errors import Json

_LASTS = 23 * 3600


def hold(account: Account, before: Json, changed: Json, billed: Json | None) -> None:
    """Remember a change until its invoice (`changed`'s latest) is paid; `billed` is what was billed before it."""
    after = account.store.note(before["id"]).get("billed")
    waits = {"invoice": changed["latest_invoice"], "changed": changed, "billed": after}
    account.store.write_note(before["id"], pending=waits, billed=billed)


def waits_for(account: Account, subscription: Json, invoice: Json) -> bool:
    """Whether a change of this subscription waits for this invoice."""
    waits = account.store.note(subscription["id"]).get("pending") or {}
    return bool(waits.get("invoice") == invoice["id"])


def tell(account: Account, subscription: Json, invoice: Json) -> None:
    """The invoice was not paid at once: the subscription shows what waits."""
    changed = account.store.note(subscription["id"])["pending"]["changed"]
    expires = account.now() + _LASTS
    account.store.schedule("lapse", subscription["id"], expires)
    account.update(
        "customer.subscription.updated",
        subscription,
        latest_invoice=invoice["id"],
        pending_update={
            "billing_cycle_anchor": changed["billing_cycle_anchor"],
            "cancel_at_period_end": None,
            "discount": None,
            "discounts": None,
            "expires_at": expires,
            "metadata": None,
            "subscription_items": changed["items"]["data"],
            "trial_end": changed["trial_end"],
            "trial_from_plan": None,
        },
    )


def apply(account: Account, subscription: Json, invoice: Json) -> None:
    """The invoice is paid: what waited for it happens; told as `…updated` and `…pending_update_applied`."""
    if not waits_for(account, subscription, invoice):
        return
    waits = account.store.note(subscription["id"])["pending"]
    account.store.write_note(subscription["id"], pending=None, billed=waits["billed"])
    account.store.schedule("lapse", subscription["id"], None)
    shown = subscription["pending_update"] is not None
    before = copy.deepcopy(subscription)
    subscription |= waits["changed"] | {"latest_invoice": invoice["id"], "pending_update": None}
    account.put(subscription)
    account.emit("customer.subscription.updated", subscription, before=before)
    if shown:
        account.emit("customer.subscription.pending_update_applied", subscription)
    account.store.schedule("renew", subscription["id"], subscription["items"]["data"][0]["current_period_end"])


def drop(account: Account, subscription: Json) -> None:
    """The invoice of a change is void: the change is forgotten."""
    account.store.write_note(subscription["id"], pending=None)
    account.store.schedule("lapse", subscription["id"], None)
    account.update("customer.subscription.updated", subscription, pending_update=None)
    account.emit("customer.subscription.pending_update_expired", subscription)


def lapse(account: Account, subscription_id: str) -> None:
    """Nobody paid within 23 hours: the invoice is void, the change is forgotten."""
    subscription = account.get("subscription", subscription_id)
    waits = account.store.note(subscription_id).get("pending")
    if not waits:
        return
    invoice = account.get("invoice", waits["invoice"])
    if invoice["status"] == "open":
        invoicing.let_off(account, invoice, void=True)
    drop(account, subscription)
