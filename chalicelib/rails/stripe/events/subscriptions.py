"""Subscriptions: the status of a recurring gift.

When Stripe sends them:
- customer.subscription.created: after the first payment.
- customer.subscription.updated: past due, stopped or resumed in the portal, paused, changed.
- customer.subscription.paused / resumed: nothing is charged for a while, by the supporter's wish.
- customer.subscription.deleted: it has ended.
"""

from chalicelib.booking.rules.facts import Facts, PaidInvoice, RecurringFacts
from chalicelib.kernel.billing_days import payment_day, payment_from
from chalicelib.rails.stripe.events.billing_shapes import OwnSubscription, PaymentMethod, Subscription
from chalicelib.rails.stripe.events.handler import Handler, Lookups, Snapshot, Who
from chalicelib.rails.stripe.events.paid_periods import how_often
from chalicelib.rails.stripe.metadata import CAMPAIGN, SOURCE
from chalicelib.rails.stripe.port import Stripe
from chalicelib.supporters.rules.access import ENDED, RENEWING, SubscriptionStatus
from chalicelib.supporters.rules.card import Card
from chalicelib.supporters.rules.state import State


def subscription_of(subscription_id: str, stripe: Stripe) -> Subscription:
    """Fetch a subscription by its id."""
    return Subscription.model_validate(stripe.subscription(subscription_id))


def subscription_facts(
    subscription: Subscription, paid: PaidInvoice | None = None, *, first: bool = False
) -> RecurringFacts:
    """A subscription's facts, with what a paid invoice adds; `first`: that invoice started the subscription."""
    amount, rhythm = how_often(subscription)
    why = subscription.cancellation_details
    charged = subscription.charged
    return RecurringFacts(
        id=subscription.id,
        status=_status(subscription),
        started_at=subscription.start_date,
        ends_at=subscription.ends_at,
        stopped_at=subscription.canceled_at,
        amount=amount,
        currency=subscription.currency,
        rhythm=rhythm,
        customer=subscription.customer or "",
        paid=paid,
        first=first,
        next_payment_at=_next_payment_at(subscription),
        resumes_at=subscription.collects_again_at,
        unpaid=bool(why and why.reason == "payment_failed"),
        card=_card(charged) if charged else None,
        card_known=not isinstance(charged, str),
    )


def _card(method: PaymentMethod | str) -> Card | None:
    """The card of a payment method; None for a mandate, for a wallet without one, and where only its id is known."""
    found = None if isinstance(method, str) else method.card
    return Card(found.brand, found.last4, found.exp_month, found.exp_year) if found else None


def _next_payment_at(subscription: Subscription) -> int | None:
    """When the next payment is due: Stripe's end of the period. None if the gift ends by then, is paused or ended.

    Of one that was paused for a while, the first payment that is taken again.
    """
    at, ends_at = subscription.period_end, subscription.ends_at
    if at is None:
        return None
    if again := subscription.collects_again_at:
        at = max(at, _payment_from(again, subscription))
    elif _status(subscription) not in RENEWING:
        return None
    return at if ends_at is None or at < ends_at else None


def _payment_from(at: int, subscription: Subscription) -> int:
    """The first time from `at` on at which Stripe makes an invoice."""
    _, rhythm = how_often(subscription)
    anchor = subscription.billing_cycle_anchor or subscription.start_date
    return payment_day(anchor, rhythm, payment_from(anchor, rhythm, at))


def _status(subscription: Subscription) -> SubscriptionStatus:
    # Paused in the portal, its status is `paused`; paused through the API, its status stays as it is.
    paused = subscription.pause_collection and subscription.status in ("active", "trialing")
    return "paused" if paused else subscription.status


def _who(snapshot: Snapshot, _sources: Lookups) -> Who:
    subscription = OwnSubscription.model_validate(snapshot)
    return Who(subscription.metadata, subscription.customer, subscription=subscription.id)


def _facts(snapshot: Snapshot, sources: Lookups) -> Facts:
    subscription = subscription_of(snapshot["id"], sources.stripe)
    return Facts(
        recurring=subscription_facts(subscription),
        customer=subscription.customer,
        currency=subscription.currency,
        campaign=subscription.metadata.get(CAMPAIGN),
        source=subscription.metadata.get(SOURCE),
    )


def _known(snapshot: Snapshot, _sources: Lookups, state: State) -> bool:
    """Whether the stored gift has ended: nothing can follow that."""
    return any(gift.id == snapshot["id"] and gift.status in ENDED for gift in state.standing.recurring)


CHANGED = Handler(_who, _facts, _known)
