"""Everything that we do with an event, by its type: what moves money and access, and the errands beside it."""

from collections.abc import Callable, Mapping

from chalicelib.booking.actions import apply as apply_event
from chalicelib.booking.actions.apply import Applied, Deps, Outcome, Told
from chalicelib.rails.stripe.events.envelope import Event
from chalicelib.rails.stripe.events.registry import HANDLERS
from chalicelib.rails.stripe.side_effects.count_declines import count_decline
from chalicelib.rails.stripe.side_effects.forget_customer import forget_customer
from chalicelib.rails.stripe.side_effects.fraud_warning import heed_warning
from chalicelib.rails.stripe.side_effects.settle_fee import settle_fee

# What books nothing by itself. Each may be run again at any time.
ERRANDS: Mapping[str, Callable[[Event, Deps, int], Outcome]] = {
    "payment_intent.payment_failed": count_decline,
    "radar.early_fraud_warning.created": heed_warning,
    "radar.early_fraud_warning.updated": heed_warning,
    "customer.deleted": forget_customer,
    "charge.updated": settle_fee,
}
HANDLED = frozenset(HANDLERS) | frozenset(ERRANDS)


def understand(event: Event, deps: Deps, *, now: int, real_now: int) -> Applied:
    """Apply an event of a handled type, any number of times with the same result.

    :raises StripeUnavailable, StripeRefused, TableUnavailable, Contended, ValueError: it may be tried again.
    """
    errand = ERRANDS.get(event.type)
    if errand is None:
        told = Told(HANDLERS[event.type], event.data.object, event.id)
        return apply_event.apply(told, deps, now=now, real_now=real_now)
    return apply_event.finish(event.id, errand(event, deps, now), deps.table, now)
