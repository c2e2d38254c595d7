"""Somebody tries card after card in one checkout: after ten refused ones the checkout is over, and we hear of it."""

from chalicelib.booking.rail import Outcome
from chalicelib.checkouts.rows import declines
from chalicelib.kernel.moments import RealTime
from chalicelib.observing.log import alarm
from chalicelib.rails.stripe.deps import StripeDeps
from chalicelib.rails.stripe.events.envelope import Event
from chalicelib.rails.stripe.events.sessions import giver, session_of
from chalicelib.rails.stripe.events.shapes import Named
from chalicelib.rails.stripe.port import StripeRefused, StripeUnavailable

MOST_DECLINES = 10  # nobody owns so many cards; card testers try hundreds


def count_decline(event: Event, deps: StripeDeps, now: RealTime) -> Outcome:
    """`payment_intent.payment_failed`: sent for every refused card of a checkout, and for refused renewals.

    Counted by the event, as Stripe makes one for each refusal. A renewal's payment belongs to no checkout, and its
    invoice tells more about it.

    :raises StripeUnavailable, TableUnavailable, Contended: it may be counted again later.
    """
    session = session_of(deps.stripe, payment=Named.model_validate(event.data.object).id)
    if session is None:
        return "ignored"
    if not giver(session).is_ours(deps.site_id):
        return "foreign"
    counted = declines.count(deps.table, session["id"], event.id, MOST_DECLINES, now)
    # Those that come after the tenth change nothing more.
    if len(counted) == MOST_DECLINES and event.id in counted and session["status"] == "open":
        _expire(session["id"], deps)
    return "applied"


def _expire(checkout: str, deps: StripeDeps) -> None:
    try:
        deps.stripe.expire_checkout_session(checkout)
    except StripeRefused:
        return  # paid or expired meanwhile
    except StripeUnavailable:
        _alarm(checkout)  # it may be expired by now, and then nobody would hear of it: twice is better
        raise
    _alarm(checkout)


def _alarm(checkout: str) -> None:
    alarm("card_testing", checkout=checkout, declined=MOST_DECLINES)
