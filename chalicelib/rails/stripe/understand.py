"""Apply an event by its type: through booking if it is about money or access, else as a side effect."""

from collections.abc import Callable, Mapping
from contextlib import suppress

from chalicelib.booking.actions.apply import Applied, apply
from chalicelib.booking.rail import Outcome
from chalicelib.inbox import rows as inbox
from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.kernel.table import TransactionLost
from chalicelib.rails.stripe.about import left_of, supporter_of
from chalicelib.rails.stripe.deps import StripeDeps
from chalicelib.rails.stripe.events.envelope import Event
from chalicelib.rails.stripe.events.new_period import only_begins_new_period
from chalicelib.rails.stripe.events.registry import HANDLERS
from chalicelib.rails.stripe.notification import StripeNotification
from chalicelib.rails.stripe.side_effects.count_declines import count_decline
from chalicelib.rails.stripe.side_effects.forget_customer import forget_customer
from chalicelib.rails.stripe.side_effects.fraud_warning import handle_fraud_warning
from chalicelib.rails.stripe.side_effects.settle_fee import settle_fee
from chalicelib.rails.stripe.side_effects.take_new_card import read_card_anew, sets_no_card, take_new_card

# Handlers of events that book nothing by themselves. Each may be run again at any time.
SIDE_EFFECTS: Mapping[str, Callable[[Event, StripeDeps, BusinessTime, RealTime], Outcome]] = {
    "payment_intent.payment_failed": count_decline,
    "radar.early_fraud_warning.created": handle_fraud_warning,
    "radar.early_fraud_warning.updated": handle_fraud_warning,
    "customer.deleted": forget_customer,
    "customer.updated": take_new_card,
    "payment_method.automatically_updated": read_card_anew,
    "payment_method.updated": read_card_anew,
    "charge.updated": settle_fee,
}
HANDLED = frozenset(HANDLERS) | frozenset(SIDE_EFFECTS)
# Types of which many events say by themselves that nothing follows from them. Pure: nothing is looked up or asked.
_SAYS_NOTHING: Mapping[str, Callable[[Event], bool]] = {
    "customer.subscription.updated": only_begins_new_period,
    "customer.updated": sets_no_card,
}
MAY_SAY_NOTHING = frozenset(_SAYS_NOTHING)


def says_nothing(event: Event) -> bool:
    """Whether an event of one of `MAY_SAY_NOTHING` need not be applied: whoever applied it would change nothing."""
    return _SAYS_NOTHING[event.type](event)


def understand(event: Event, deps: StripeDeps, *, now: BusinessTime, real_now: RealTime) -> Applied:
    """Apply an event of a handled type, any number of times with the same result.

    :raises Outage, Refused, ValueError: it may be tried again.
    """
    do = SIDE_EFFECTS.get(event.type)
    if do is None:
        handler = HANDLERS[event.type]
        told = StripeNotification(handler, event.data.object, deps, now=now, real_now=real_now, event=event)
        return apply(told, deps, now=now)
    outcome = do(event, deps, now, real_now)
    known = supporter_of(event.data.object, deps.table, deps.email_key) if outcome != "foreign" else None
    with suppress(TransactionLost):  # another worker has marked it as done
        deps.table.transact([inbox.finished(event.id, outcome, now, known, body=left_of(event, known, deps.table))])
    return Applied(outcome)
