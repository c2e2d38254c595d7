"""Forget a customer that was deleted at Stripe, so that the supporter's later gifts get a new one.

Stripe ends the customer's recurring gifts and sends events about that. The look-up stays, as those events and later
refunds still name the customer.
"""

from dataclasses import replace

from chalicelib.booking.rail import Outcome
from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.rails.stripe.deps import StripeDeps
from chalicelib.rails.stripe.events.envelope import Event
from chalicelib.rails.stripe.events.shapes import Customer
from chalicelib.supporters.rows import supporters
from chalicelib.supporters.rules.state import State


def forget_customer(event: Event, deps: StripeDeps, _now: BusinessTime, _real_now: RealTime) -> Outcome:
    """Handle `customer.deleted`: remove the customer from the supporter's state.

    :raises TableUnavailable, Contended: it may be done again later.
    """
    gone = Customer.model_validate(event.data.object).id
    supporter = supporters.find_by_customer(deps.table, gone, deps.email_key)
    if supporter is None:
        return "ignored"

    def forgotten(state: State) -> State | None:
        left = {currency: customer for currency, customer in state.customers.items() if customer != gone}
        return replace(state, customers=left) if left != state.customers else None

    supporters.change_state(deps.table, supporter, forgotten)
    return "applied"
