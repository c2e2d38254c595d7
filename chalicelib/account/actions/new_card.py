"""The way to the provider's page for a new card, of one recurring gift."""

from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.moments import RealTime
from chalicelib.kernel.table import Table
from chalicelib.rails.stripe.port import Stripe, StripeRefused
from chalicelib.supporters.rows import new_cards
from chalicelib.supporters.rules.access import ENDED
from chalicelib.supporters.rules.state import State, stored_gift


def open_card_page(
    table: Table,
    state: State,
    gift_id: str,
    stripe: Stripe,
    *,
    return_url: str,
    completed_url: str,
    locale: str,
    now: RealTime,
) -> str:
    """The address of Stripe's page for a new card, for the customer whom this gift is charged to.

    That it was asked for this gift is noted first: the event about the new card does not say it.

    :param completed_url: where Stripe leads once a card was entered; `return_url`: for who goes back without.
    :raises NotFound: `unknown_gift`: there is none of this id, or it is somebody else's.
    :raises Conflict: `gift_ended`: nothing will be charged; `nothing_to_manage`: Stripe knows no such customer.
    :raises StripeUnavailable: try again later.
    """
    gift = stored_gift(state, gift_id)
    if gift.status in ENDED:
        raise Conflict("This support has ended. You can begin anew.", code="gift_ended")
    table.write(new_cards.asked(state.id, gift.customer, gift.id, now))
    flow = {
        "type": "payment_method_update",
        "after_completion": {"type": "redirect", "redirect": {"return_url": completed_url}},
    }
    try:
        page = stripe.create_portal_session(gift.customer, return_url=return_url, locale=locale, flow=flow)
    except StripeRefused as refused:
        if refused.missing:
            raise Conflict("There is no recurring gift to change or stop.", code="nothing_to_manage") from None
        raise
    return str(page["url"])
