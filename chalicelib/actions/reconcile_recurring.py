"""Ring 3, recurring gifts: how Stripe says they stand against how we know them.

Catches what moves no money: a stop, a pause, an end, a month that cost nothing.
"""

from functools import partial

from chalicelib.actions.recognise import known_subscriber, ours
from chalicelib.actions.reconcile_run import RecurringTally, Run
from chalicelib.domain.access import RecurringGift
from chalicelib.domain.facts import ENDED, SubscriptionFacts
from chalicelib.domain.rhythm import rhythm_of
from chalicelib.ports import Answer, StripeRefused
from chalicelib.store import supporters
from chalicelib.stripe_events.billing_shapes import OwnSubscription, Subscription
from chalicelib.stripe_events.handler import MARK, Who
from chalicelib.stripe_events.subscriptions import subscription_facts


def recurring(run: Run, tally: RecurringTally) -> None:
    """Every open subscription of ours at Stripe, then every recurring gift that Stripe did not list."""
    lookout, listed = run.lookout(), set[str]()
    for found in run.deps.stripe.subscriptions():
        if not _is_ours(found, run):
            tally.foreign += 1
            continue
        listed.add(found["id"])
        run.attempt(found["id"], partial(_bring_up_to_date, found, run, tally), lookout, tally)
    for supporter in supporters.with_recurring(run.deps.table):
        for gift in supporters.read_state(run.deps.table, supporter).standing.recurring:
            if gift.status not in ENDED and gift.id not in listed:
                run.attempt(gift.id, partial(_ask_for, gift.id, run, tally), lookout, tally)


def _is_ours(found: Answer, run: Run) -> bool:
    """By its mark, or as one of a supporter's gifts. Only for a person also its checkout is asked for at Stripe."""
    told = OwnSubscription.model_validate(found)
    who = Who(told.metadata, told.customer, subscription=told.id)
    if run.by_hand:
        return ours(who, run.deps.table, run.deps.stripe, run.deps.site_id) is not None
    return who.is_ours(run.deps.site_id) or (MARK not in who.metadata and bool(known_subscriber(who, run.deps.table)))


def _ask_for(subscription: str, run: Run, tally: RecurringTally) -> None:
    try:
        found = run.deps.stripe.subscription(subscription)
    except StripeRefused as refused:
        if not refused.missing:
            raise
        tally.unknown_at_stripe += 1
        return
    _bring_up_to_date(found, run, tally)


def _bring_up_to_date(found: Answer, run: Run, tally: RecurringTally) -> None:
    tally.seen += 1
    subscription = Subscription.model_validate(found)
    told = subscription_facts(subscription)
    known = _known(told, run)
    stale = known is None or _differs(told, known)
    if stale:
        run.apply("subscription", found)
        known = _known(told, run)
    period_end = subscription.period_end or 0
    unpaid = known is not None and told.status == "active" and period_end > known.paid_through
    if unpaid and subscription.latest_invoice:
        run.apply("invoice", run.deps.stripe.invoice(subscription.latest_invoice))
    tally.applied += stale or unpaid


def _known(told: SubscriptionFacts, run: Run) -> RecurringGift | None:
    supporter = supporters.find_by_customer(run.deps.table, told.customer)
    if supporter is None:
        return None
    gifts = supporters.read_state(run.deps.table, supporter).standing.recurring
    return next((gift for gift in gifts if gift.id == told.id), None)


def _differs(told: SubscriptionFacts, known: RecurringGift) -> bool:
    if told.rhythm != rhythm_of(known.interval, known.interval_count):
        return True
    names = ("status", "ends_at", "stopped_at", "amount", "currency", "next_payment_at")
    return any(getattr(told, name) != getattr(known, name) for name in names)
