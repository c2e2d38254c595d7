"""A supporter's own recurring gift, as it is stored and as Stripe has it now."""

from dataclasses import dataclass

from chalicelib.booking.actions.apply import Applied
from chalicelib.booking.rules.recurring import differs
from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.ids import SupporterId
from chalicelib.rails.stripe import gift_at_stripe
from chalicelib.rails.stripe.gift_at_stripe import AsNotified, GiftAtStripe
from chalicelib.rails.stripe.port import StripeRefused
from chalicelib.supporters.rows import supporters
from chalicelib.supporters.rules.access import RecurringGift
from chalicelib.supporters.rules.asked import Asked
from chalicelib.supporters.rules.state import State, stored_gift
from chalicelib.wiring import Wiring


@dataclass(frozen=True)
class OwnGift:
    """A recurring gift of a supporter's: as it is stored in `state`, and as it is `at_stripe`.

    `noted`: a change that was noted before we looked at Stripe; it may have been made without our hearing of it.
    """

    state: State
    gift: RecurringGift
    at_stripe: GiftAtStripe
    noted: Asked | None = None


def read_gift(wiring: Wiring, supporter: SupporterId, gift_id: str) -> RecurringGift:
    """The gift as it is stored now."""
    return stored_gift(supporters.read_state(wiring.table, supporter), gift_id)


def look_up(wiring: Wiring, supporter: SupporterId, gift_id: str) -> OwnGift:
    """The gift as it stands; what Stripe knows and we do not yet is booked first, as its notification would.

    :raises NotFound: `unknown_gift`.
    :raises Conflict: `gift_ended`: Stripe does not know it any more.
    :raises StripeUnavailable, StripeRefused: nothing is known.
    """
    state = supporters.read_state(wiring.table, supporter)
    gift = stored_gift(state, gift_id)
    noted = gift.asked
    try:
        found = gift_at_stripe.find(gift_id, wiring.stripe)
    except StripeRefused as refused:
        if refused.missing:
            raise Conflict("This support has ended. You can begin anew.", code="gift_ended") from None
        raise
    if differs(found.facts, gift):
        books = as_notified(wiring)
        # A change that was charged, of which Stripe's answer was lost: its payment is booked with it.
        deliver(wiring, books.book_latest_invoice(found) if noted and noted.charged_now else books.book_gift(found))
        state = supporters.read_state(wiring.table, supporter)
        gift = stored_gift(state, gift_id)
    return OwnGift(state, gift, found, noted)


def as_notified(wiring: Wiring) -> AsNotified:
    """Books Stripe's answers now."""
    return AsNotified(wiring.stripe_deps, wiring.now(), wiring.real_now())


def deliver(wiring: Wiring, applied: Applied) -> None:
    """Send the mails of what was booked; the sweep sends what does not go out now."""
    wiring.mail_sender.deliver(applied.mails, wiring.now())
