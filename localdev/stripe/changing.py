"""A subscription's items, cycle or trial change: https://docs.stripe.com/billing/subscriptions/change-price.

Another amount or quantity in the same rhythm leaves the period as it is: what the rest of it is worth waits for
the next invoice, is invoiced now, or is left alone. Another rhythm, `billing_cycle_anchor` now, and a trial start a
period at once and invoice it at once.
"""

import copy
from dataclasses import dataclass, field
from typing import Literal

from localdev.stripe import invoicing, items, pending, prorations
from localdev.stripe.account import Account
from localdev.stripe.collecting import settle_draft
from localdev.stripe.ending import require_running
from localdev.stripe.errors import ApiRefusal, Json
from localdev.stripe.objects.subscriptions import moved, period
from localdev.stripe.periods import next_boundary

Proration = Literal["create_prorations", "always_invoice", "none"]
Incomplete = Literal["allow_incomplete", "default_incomplete", "error_if_incomplete", "pending_if_incomplete"]
_TWO_YEARS = 731 * 86_400


@dataclass(frozen=True)
class Wish:
    """What is to change. `items` are checked parameters; `trial_end` in Unix seconds, `now` ends a trial."""

    items: list[Json] = field(default_factory=list)
    proration: Proration = "create_prorations"
    at: int | None = None
    anchor_now: bool = False
    trial_end: int | Literal["now"] | None = None
    incomplete: Incomplete = "allow_incomplete"
    fields: Json = field(default_factory=dict)


def is_wished(params: Json) -> bool:
    """Whether these checked parameters change items, cycle or trial."""
    return any(name in params for name in ("items", "billing_cycle_anchor", "trial_end"))


def wish_of(params: Json, fields: Json) -> Wish:
    """What these checked parameters ask for; `fields` of the subscription are simply replaced."""
    return Wish(
        items=params.get("items", []),
        proration=params.get("proration_behavior", "create_prorations"),
        at=params.get("proration_date"),
        anchor_now=(params.get("billing_cycle_anchor") or {}).get("type") == "now",
        trial_end=params.get("trial_end"),
        incomplete=params.get("payment_behavior", "allow_incomplete"),
        fields=fields,
    )


def change(account: Account, subscription: Json, wish: Wish) -> Json:
    """Do it; told as one `customer.subscription.updated`, then the invoice, if there is one.

    A payment that is refused leaves the invoice open and the subscription past due, unless `incomplete` says else.

    :raises ApiRefusal: 400 for what does not fit, 402 where nothing is to change without its payment.
    """
    changed, invoice, billed = prepare(account, subscription, wish)
    if invoice is None:
        return _write(account, subscription, changed)
    return _collect(account, subscription, changed, invoice, wish, billed)


def prepare(account: Account, subscription: Json, wish: Wish) -> tuple[Json, Json | None, Json | None]:
    """The subscription as it is to be, the draft that is to be collected for it at once, what was billed before.

    :raises ApiRefusal: 400 for what does not fit.
    """
    require_running(subscription)
    if subscription["status"] == "paused":
        raise ApiRefusal("A paused subscription cannot be changed; resume it first.")
    at = _moment(account, subscription, wish)
    changed = copy.deepcopy(subscription) | wish.fields
    changed["items"] = {**changed["items"], "data": items.changed(account, changed, wish.items)}
    billed = account.store.note(subscription["id"]).get("billed")
    resets = _resets(subscription, changed, wish)
    if wish.proration != "none":
        _prorate(account, subscription, changed, at, everything=resets)
    start = period(subscription)[0]
    if resets:
        _restart(account, changed, wish)
    invoice = None
    if resets or (wish.proration == "always_invoice" and invoicing.anything_waiting(account, changed)):
        invoice = invoicing.draft_invoice(
            account, changed, reason="subscription_update", previous_start=start, bills_period=resets
        )
    return changed, invoice, billed


def _moment(account: Account, subscription: Json, wish: Wish) -> int:
    if wish.at is None:
        return account.now()
    if wish.anchor_now:
        raise ApiRefusal(
            "You cannot specify `proration_date` when `billing_cycle_anchor=now`.", param="proration_date"
        )
    start, end = period(subscription)
    if not start <= wish.at <= end:
        raise ApiRefusal(
            "Cannot specify a proration_date outside of the subscription's current period.", param="proration_date"
        )
    return wish.at


def _resets(before: Json, after: Json, wish: Wish) -> bool:
    """Whether a new period starts now."""
    return wish.anchor_now or wish.trial_end is not None or items.rhythm(before) != items.rhythm(after)


def _prorate(account: Account, before: Json, after: Json, at: int, *, everything: bool) -> None:
    """Credits for what was billed of the items that change, debits for the rest of what they become."""
    if before["status"] == "trialing":
        return  # nothing was paid for this period
    old = {one["id"]: one for one in before["items"]["data"]}
    new = {one["id"]: one for one in after["items"]["data"]}
    for identifier in [*old, *(one for one in new if one not in old)]:
        same = (
            identifier in old and identifier in new and items.costs(old[identifier]) == items.costs(new[identifier])
        )
        if same and not everything:
            continue
        debit = identifier in new and not everything
        credited = identifier in old
        held = prorations.take(account, before, identifier) if credited else []
        if debit:
            prorations.charge_rest(account, after, new[identifier], at)
        prorations.give_back(account, before, identifier, held, at)


def _restart(account: Account, changed: Json, wish: Wish) -> None:
    """A period from now on: a trial's, or the first of the new rhythm."""
    now = account.now()
    if isinstance(wish.trial_end, int):
        if wish.trial_end <= now:
            raise ApiRefusal(
                "The parameter `trial_end` expects a unix timestamp representing a date and time in the future. "
                f"You specified the value `{wish.trial_end}` which is in the past.",
                param="trial_end",
            )
        if wish.trial_end > now + _TWO_YEARS:
            raise ApiRefusal("Invalid timestamp: can be no more than two years in the future.", param="trial_end")
        changed |= {"status": "trialing", "trial_start": now, "trial_end": wish.trial_end}
        changed |= {"billing_cycle_anchor": wish.trial_end, "items": moved(changed, now, wish.trial_end)}
    else:
        if changed["status"] == "trialing":
            changed |= {"status": "active", "trial_end": now if changed["trial_end"] else None}
        interval, count = items.rhythm(changed)
        changed["billing_cycle_anchor"] = now
        changed["items"] = moved(changed, now, next_boundary(now, interval, count, now))


def _write(account: Account, subscription: Json, changed: Json) -> Json:
    if changed == subscription:
        return subscription
    before = copy.deepcopy(subscription)
    subscription |= changed
    account.put(subscription)
    account.emit("customer.subscription.updated", subscription, before=before)
    account.store.schedule("renew", subscription["id"], period(subscription)[1])
    return subscription


def _collect(
    account: Account, subscription: Json, changed: Json, invoice: Json, wish: Wish, billed: Json | None
) -> Json:
    if wish.incomplete == "pending_if_incomplete":
        pending.hold(account, subscription, changed, billed)
        settle_draft(account, subscription, invoice)
        if invoice["status"] != "paid" and account.store.note(subscription["id"]).get("pending"):
            pending.tell(account, subscription, invoice)
        return account.get("subscription", subscription["id"])
    _write(account, subscription, changed)
    settle_draft(account, subscription, invoice)
    if wish.incomplete == "error_if_incomplete" and invoice["status"] != "paid":
        # Raised within the request's transaction: nothing of it has happened.
        raise ApiRefusal("Your card was declined.", code="card_declined", status=402, kind="card_error")
    return account.get("subscription", subscription["id"])
