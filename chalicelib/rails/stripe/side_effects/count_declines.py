"""Stop card testing: after ten refused cards in one checkout, expire the checkout and raise `card_testing`."""

from chalicelib.booking.rail import Outcome
from chalicelib.checkouts.rows import declines
from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.observing.log import alarm
from chalicelib.rails.stripe.deps import StripeDeps
from chalicelib.rails.stripe.events.envelope import Event
from chalicelib.rails.stripe.events.sessions import giver, session_of
from chalicelib.rails.stripe.events.shapes import Named
from chalicelib.rails.stripe.port import StripeRefused, StripeUnavailable

MOST_DECLINES = 10  # more than a reader would try; card testers try hundreds


def count_decline(event: Event, deps: StripeDeps, _now: BusinessTime, now: RealTime) -> Outcome:
    """Handle `payment_intent.payment_failed`: count a refused card of a checkout.

    Counted by the event's id, as Stripe makes one event for each refusal. It also sends them for refused renewals;
    those belong to no checkout and are ignored, as events about their invoice say more.

    :raises StripeUnavailable, TableUnavailable, Contended: it may be counted again later.
    """
    session = session_of(deps.stripe, payment=Named.model_validate(event.data.object).id)
    if session is None:
        return "ignored"
    if not giver(session).is_ours(deps.site_id):
        return "foreign"
    counted = declines.count(deps.table, session["id"], event.id, MOST_DECLINES, now)
    # The eleventh and later refusals change nothing more.
    if len(counted) == MOST_DECLINES and event.id in counted and session["status"] == "open":
        _expire(session["id"], deps)
    return "applied"


def _expire(checkout: str, deps: StripeDeps) -> None:
    try:
        deps.stripe.expire_checkout_session(checkout)
    except StripeRefused:
        return  # paid or expired meanwhile
    except StripeUnavailable:
        _alarm(checkout)  # it may be expired by now, and then the next try raises no alarm: better twice than never
        raise
    _alarm(checkout)


def _alarm(checkout: str) -> None:
    alarm("card_testing", checkout=checkout, declined=MOST_DECLINES)
