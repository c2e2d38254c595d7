"""Somebody tries card after card in one checkout: after ten refused ones the checkout is over, and we hear of it."""

from chalicelib.actions.apply_event import Contended, Deps, Outcome
from chalicelib.log import alarm
from chalicelib.ports import StripeRefused
from chalicelib.store import checkouts
from chalicelib.store.checkouts import Checkout
from chalicelib.store.table import ConditionFailed, Table
from chalicelib.stripe_events.handler import MARK
from chalicelib.stripe_events.sessions import session_of
from chalicelib.stripe_events.shapes import Event, Named

MOST_DECLINES = 10  # nobody owns so many cards; card testers try hundreds
_MOST_TRIES = 10


def count_decline(event: Event, deps: Deps, _now: int) -> Outcome:
    """`payment_intent.payment_failed`: sent for every refused card of a checkout, and for refused renewals.

    Counted by the event, as Stripe makes one for each refusal. A renewal's payment belongs to no checkout, and its
    invoice tells more about it.

    :raises StripeUnavailable, TableUnavailable, Contended: it may be counted again later.
    """
    payment = Named.model_validate(event.data.object)
    if MARK in payment.metadata and payment.metadata[MARK] != deps.site_id:
        return "foreign"
    session = session_of(deps.stripe, payment=payment.id)
    row = _counted(str(session["id"]), event.id, deps.table) if session else None
    if row is None:
        return "ignored"
    if len(row.declined) >= MOST_DECLINES and row.status == "open":
        _expire(row, deps)
    return "applied"


def _counted(checkout_id: str, event_id: str, table: Table) -> Checkout | None:
    for _ in range(_MOST_TRIES):
        row = checkouts.read(table, checkout_id)
        if row is None or event_id in row.declined or len(row.declined) >= MOST_DECLINES:
            return row
        try:
            table.write(checkouts.declined(row, event_id))
        except ConditionFailed:
            continue
    raise Contended


def _expire(row: Checkout, deps: Deps) -> None:
    try:
        deps.stripe.expire_checkout_session(row.id)
    except StripeRefused:
        return  # paid or expired meanwhile
    alarm("card_testing", checkout=row.id, declined=len(row.declined))
