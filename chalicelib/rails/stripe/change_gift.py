"""The changes of a recurring gift in Stripe's words: parameters made from the subscription as it stands now.

Each sets how the subscription is to be, so making one twice is the same as once. `key` is the idempotency key, which
states the change that was asked for.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.rhythm import Rhythm
from chalicelib.rails.stripe.events.billing_shapes import Subscription, SubscriptionItem
from chalicelib.rails.stripe.gift_at_stripe import GiftAtStripe
from chalicelib.rails.stripe.port import Answer, Stripe, StripeRefused

_PAUSED = "paused"


@dataclass(frozen=True)
class NewPrice:
    """What a subscription is to cost, in minor units for each rhythm.

    `charge_from`: charge the difference for the time from this moment (seconds) on at once; the change is made only
    if that is paid. None: nothing is charged before the next payment. `until`: when another rhythm begins; None: at
    the end of the present period.
    """

    amount: int
    rhythm: Rhythm
    charge_from: int | None = None
    until: int | None = None


def set_price(gift: GiftAtStripe, new: NewPrice, stripe: Stripe, products: Sequence[str], key: str) -> GiftAtStripe:
    """Change what a gift costs.

    :param products: the product of the new price; the first that Stripe takes. An inline one of Checkout's is
        archived, and may refuse new prices.
    :raises StripeRefused: none of them was taken, or another reason.
    """
    subscription = gift.subscription
    params: dict[str, Any] = {"proration_behavior": "none"}
    if new.charge_from is not None:
        params = {
            "proration_behavior": "always_invoice",
            "payment_behavior": "pending_if_incomplete",
            "proration_date": new.charge_from,
        }
    elif _starts_anew(subscription, new.rhythm):
        # Another interval would begin now, and be charged now. A trial until the end of what is paid puts that off:
        # https://docs.stripe.com/billing/subscriptions/billing-cycle
        params["trial_end"] = new.until or subscription.period_end

    def make(product: str) -> Answer:
        whole = {**params, "items": [_item(subscription, new, product)]}
        return stripe.update_subscription(subscription.id, whole, idempotency_key=f"{key}:{product}")

    return GiftAtStripe.of(_of_first(products, make))


def _starts_anew(subscription: Subscription, rhythm: Rhythm) -> bool:
    recurring = _only_item(subscription).price.recurring
    return recurring is None or (recurring.interval, recurring.interval_count) != (rhythm.unit, rhythm.count)


def _of_first(products: Sequence[str], make: Callable[[str], Answer]) -> Answer:
    """What Stripe answers for the first product that it takes; its refusal of the last one."""
    for product in products[:-1]:
        try:
            return make(product)
        except StripeRefused:
            continue
    return make(products[-1])


def _item(subscription: Subscription, new: NewPrice, product: str) -> dict[str, Any]:
    price = {
        "currency": subscription.currency,
        "product": product,
        "recurring": {"interval": new.rhythm.unit, "interval_count": new.rhythm.count},
        "unit_amount": new.amount,
    }
    return {"id": _only_item(subscription).id, "price_data": price}


def _only_item(subscription: Subscription) -> SubscriptionItem:
    """What the subscription charges for; of several items none is the gift's own."""
    [item] = subscription.items.data
    return item


def products_of(gift: GiftAtStripe, own: str) -> list[str]:
    """The products that a new price may be of: the newsroom's `own`, if it has one, then the present one."""
    return list(dict.fromkeys(filter(None, (own, _only_item(gift.subscription).price.product))))


@dataclass(frozen=True)
class Due:
    """What a change comes to, after credit, discounts and tax, in minor units: taken `at_once`, and `next`."""

    at_once: int
    next: int


def due(gift: GiftAtStripe, new: NewPrice, stripe: Stripe, products: Sequence[str]) -> Due:
    """What would be charged at once, for a price with `charge_from`, and at the first payment after that."""
    following = _preview(gift, new, stripe, products, {"proration_behavior": "none"})
    if new.charge_from is None:
        return Due(0, max(0, int(following["amount_due"])))
    prorated = {"proration_behavior": "always_invoice", "proration_date": new.charge_from}
    at_once = _preview(gift, new, stripe, products, prorated)
    now = max(0, int(at_once["amount_due"]))
    # Credit that is used up now is gone by then. What is too little to be charged is owed with the next payment.
    # https://docs.stripe.com/billing/customer/balance
    balance = int(at_once["starting_balance"]) + int(at_once["total"]) - now
    return Due(now, max(0, int(following["total"]) - _taken_along(following, at_once) + balance))


def _taken_along(following: Answer, at_once: Answer) -> int:
    """What waits for the next invoice, such as a book, and is on the one that is made at once already."""
    made = {_waited(line) for line in at_once["lines"]["data"]}
    waited = [(line, _waited(line)) for line in following["lines"]["data"]]
    return sum(int(line["amount"]) for line, item in waited if item and item in made)


def _waited(line: Answer) -> str | None:
    """The invoice item that a line comes from; None for a period of the gift."""
    parent = line["parent"] or {}
    details = parent.get("invoice_item_details") or parent.get("subscription_item_details") or {}
    item: str | None = details.get("invoice_item")
    return item


def _preview(
    gift: GiftAtStripe, new: NewPrice, stripe: Stripe, products: Sequence[str], how: Mapping[str, Any]
) -> Answer:
    it = gift.subscription

    def preview(product: str) -> Answer:
        details = {**how, "items": [_item(it, new, product)]}
        return stripe.preview_invoice({"subscription": it.id, "subscription_details": details})

    return _of_first(products, preview)


def pause(gift: GiftAtStripe, resumes_at: int, stripe: Stripe, key: str) -> GiftAtStripe:
    """Collect nothing until then: the invoices of that time are void as soon as they are made."""
    params = {"pause_collection": {"behavior": "void", "resumes_at": resumes_at}}
    return GiftAtStripe.of(stripe.update_subscription(gift.subscription.id, params, idempotency_key=key))


def resume(gift: GiftAtStripe, stripe: Stripe, key: str) -> GiftAtStripe | None:
    """Collect again; None where nothing was paused. Nothing is charged before the next period begins."""
    subscription = gift.subscription
    answer: Answer | None = None
    if subscription.pause_collection:
        answer = stripe.update_subscription(subscription.id, {"pause_collection": ""}, idempotency_key=key)
    if subscription.status == _PAUSED:
        # Paused in the portal. With the anchor as it was, no invoice is made for the rest of the period around now.
        unchanged = {"billing_cycle_anchor": {"type": "unchanged"}, "proration_behavior": "none"}
        answer = stripe.resume_subscription(subscription.id, unchanged, idempotency_key=f"{key}:resume")
    return GiftAtStripe.of(answer) if answer else None


def stop(
    gift: GiftAtStripe, paid_through: int, details: Mapping[str, str], now: BusinessTime, stripe: Stripe, key: str
) -> GiftAtStripe:
    """End a gift at the end of what is paid.

    What is not paid yet is void, so that nothing is collected after somebody stopped; first, as a stop that was made
    is not made again. A gift that is paused stands still, so Stripe's end of its period means nothing: it ends when
    the paid time does, at once if that is over.
    """
    paused = gift.subscription.status == _PAUSED
    if paused and paid_through <= now:
        return end(gift, details, stripe, key)
    let_off(gift, stripe)
    if paused:
        return stop_at(gift, paid_through, details, stripe, key)
    stopped = _planned(gift, {"cancel_at_period_end": True}, details, stripe, key)
    if stopped.payments_from != gift.payments_from:  # its next period began in between
        let_off(stopped, stripe)
    return stopped


def stop_at(gift: GiftAtStripe, at: int, details: Mapping[str, str], stripe: Stripe, key: str) -> GiftAtStripe:
    """End a gift at a moment that was chosen; until then it is collected as before."""
    return _planned(gift, {"cancel_at": at, "proration_behavior": "none"}, details, stripe, key)


def _planned(
    gift: GiftAtStripe, how: Mapping[str, Any], details: Mapping[str, str], stripe: Stripe, key: str
) -> GiftAtStripe:
    params = {**how, **_why(details)}
    once = _with(params, key)
    return GiftAtStripe.of(stripe.update_subscription(gift.subscription.id, params, idempotency_key=once))


def end(gift: GiftAtStripe, details: Mapping[str, str], stripe: Stripe, key: str) -> GiftAtStripe:
    """End a gift now. What is not paid yet is void, first: Stripe collects the draft of one that has ended."""
    let_off(gift, stripe)
    once = _with(details, key)
    return GiftAtStripe.of(stripe.cancel_subscription(gift.subscription.id, _why(details), idempotency_key=once))


def _with(params: Mapping[str, Any], key: str) -> str:
    """The key, of these parameters: somebody may stop in two tabs, for two reasons; Stripe refuses those as one."""
    return f"{key}:{hashlib.sha256(json.dumps(params, sort_keys=True).encode()).hexdigest()[:12]}"


def _why(details: Mapping[str, str]) -> dict[str, Any]:
    return {"cancellation_details": dict(details)} if details else {}


def let_off(gift: GiftAtStripe, stripe: Stripe) -> None:
    """See to it that no invoice of a gift is collected any more: also a draft that rests, and one of months ago."""
    for invoice in gift.unpaid(stripe):
        if invoice.status == "draft":
            with suppress(StripeRefused):  # it is open by now
                stripe.finalize_invoice(invoice.id)  # a draft cannot be void
        void(invoice.id, stripe)


def keep(gift: GiftAtStripe, stripe: Stripe, key: str) -> GiftAtStripe:
    """Undo a planned ending: planned by us it has the flag, by the portal a date alone."""
    flagged = gift.subscription.cancel_at_period_end
    undone: dict[str, Any] = {"cancel_at_period_end": False} if flagged else {"cancel_at": ""}
    return GiftAtStripe.of(stripe.update_subscription(gift.subscription.id, undone, idempotency_key=key))


def void(invoice: str, stripe: Stripe) -> None:
    """Make sure that nobody pays an open invoice any more; a change that waits for it is dropped with it."""
    try:
        stripe.void_invoice(invoice)
    except StripeRefused:
        # Paid, void already, or never open: the next look at Stripe says which.
        return
