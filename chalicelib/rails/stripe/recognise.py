"""Decide whether an object of Stripe's is this newsroom's: by its mark, by the table, or by its checkout.

The mark (`metadata.spilno`) stands on everything that we create ourselves. It can still be missing: on a subscription
that was moved here from elsewhere, or whose metadata were cleared in Stripe's dashboard. What bears another
newsroom's mark is never ours, and nothing is looked up for it.
"""

from dataclasses import replace

from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.table import Table
from chalicelib.rails.stripe.deps import StripeDeps
from chalicelib.rails.stripe.events.handler import Who
from chalicelib.rails.stripe.events.sessions import giver, session_of
from chalicelib.rails.stripe.metadata import MARK
from chalicelib.rails.stripe.port import Stripe
from chalicelib.supporters.rows import supporters


def ours(who: Who, deps: StripeDeps, stripe: Stripe) -> Who | None:
    """The same `Who`, completed from the checkout if that had to be fetched; None if it is another product's.

    :param stripe: who is asked for the checkout.
    :raises StripeUnavailable, TableUnavailable: it could not be decided yet.
    """
    if who.is_ours(deps.site_id):
        return who
    if MARK in who.metadata:
        return None
    if known_subscriber(who, deps.table, deps.email_key):
        return who
    session = session_of(stripe, payment=who.payment, subscription=who.subscription)
    if session is None:
        return None
    started = giver(session)
    found = replace(who, metadata=started.metadata, email=started.email, customer=started.customer or who.customer)
    return found if found.is_ours(deps.site_id) else None


def known_subscriber(who: Who, table: Table, key: str) -> SupporterId | None:
    """The supporter who has this subscription among their recurring gifts; None if nobody has."""
    if not (who.customer and who.subscription):
        return None
    supporter = supporters.find_by_customer(table, who.customer, key)
    if supporter is None:
        return None
    gifts = supporters.read_state(table, supporter).standing.recurring
    return supporter if any(gift.id == who.subscription for gift in gifts) else None
