"""Subscriptions: how a recurring gift stands.

When Stripe sends them:
- customer.subscription.created: after the first payment.
- customer.subscription.updated: past due, stopped or resumed in the portal, paused, changed.
- customer.subscription.paused / resumed: nothing is charged for a while, by the supporter's wish.
- customer.subscription.deleted: it has ended.
"""

from chalicelib.domain.facts import ENDED, Facts, SubscriptionFacts
from chalicelib.domain.newsroom import interval_of
from chalicelib.domain.supporter import State
from chalicelib.ports import Stripe
from chalicelib.stripe_events.handler import CAMPAIGN, SOURCE, Handler, Snapshot, Sources, Who
from chalicelib.stripe_events.shapes import Invoice, Subscription


def subscription_of(subscription_id: str, stripe: Stripe) -> Subscription:
    """A subscription fetched anew."""
    return Subscription.model_validate(stripe.subscription(subscription_id))


def subscription_facts(subscription: Subscription, paid: Invoice | None) -> SubscriptionFacts:
    """How it stands, with what a paid invoice adds."""
    item = subscription.items.data[0]
    amount = (item.price.unit_amount or 0) * (item.quantity or 1)
    why = subscription.cancellation_details
    ends = [line.period.end for line in paid.lines.data] if paid else []
    return SubscriptionFacts(
        id=subscription.id,
        status=_status(subscription),
        started_at=subscription.start_date,
        ends_at=subscription.ends_at,
        stopped_at=subscription.canceled_at,
        amount=amount,
        currency=subscription.currency,
        interval=interval_of(item.price.recurring.interval if item.price.recurring else "month"),
        customer=subscription.customer or "",
        paid_through=max(ends) if ends else None,
        paid_amount=_amount_that_counts(paid, amount) if paid else None,
        unpaid=bool(why and why.reason == "payment_failed"),
        first=bool(paid and paid.billing_reason == "subscription_create"),
    )


def _amount_that_counts(paid: Invoice, amount: int) -> int:
    """What the tier follows from: what was paid, or for a month that the newsroom gave away, what it would cost."""
    if paid.billing_reason == "subscription_update":
        return max(paid.amount_paid, amount)  # only the difference was paid, for a part of the period
    return paid.amount_paid or paid.subtotal or amount


def _status(subscription: Subscription) -> str:
    # Paused in the portal it says so; paused through the API it goes on calling itself active.
    return "paused" if subscription.pause_collection and subscription.status == "active" else subscription.status


def _who(snapshot: Snapshot, _sources: Sources) -> Who:
    subscription = Subscription.model_validate(snapshot)
    return Who(subscription.metadata, subscription.customer, subscription=subscription.id)


def _facts(snapshot: Snapshot, sources: Sources) -> Facts:
    subscription = subscription_of(snapshot["id"], sources.stripe)
    return Facts(
        subscription=subscription_facts(subscription, None),
        customer=subscription.customer,
        currency=subscription.currency,
        campaign=subscription.metadata.get(CAMPAIGN),
        source=subscription.metadata.get(SOURCE),
    )


def _known(snapshot: Snapshot, _sources: Sources, state: State) -> bool:
    """Nothing comes after the end."""
    return any(gift.id == snapshot["id"] and gift.status in ENDED for gift in state.standing.recurring)


CHANGED = Handler(_who, _facts, _known)
