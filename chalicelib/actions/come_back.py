"""A reader comes back from Stripe, or asks how their checkout stands: apply what Stripe says now, then look.

The payment is applied at once, through the same door as a webhook, so that the thank-you page never waits for one.
"""

from dataclasses import dataclass

from chalicelib.actions import apply_event
from chalicelib.actions.apply_event import Deps, Told
from chalicelib.actions.ports import StripeRefused, StripeUnavailable
from chalicelib.actions.receive_event import deliver
from chalicelib.actions.send_mail import Postman
from chalicelib.domain.errors import NotFound
from chalicelib.log import log
from chalicelib.store import checkouts
from chalicelib.store.checkouts import Checkout
from chalicelib.stripe_events.sessions import SESSION

_MAY_CHANGE = ("open", "processing")


@dataclass(frozen=True)
class Looked:
    """A checkout as it stands; `asked` is False when Stripe could not be asked just now."""

    checkout: Checkout
    asked: bool


def look(session_id: str, deps: Deps, postman: Postman, *, now: int, real_now: int) -> Looked:
    """Bring a checkout up to date and answer it.

    :raises NotFound: `unknown_checkout` for a session that is not ours; Stripe is not asked about those.
    """
    row = checkouts.read(deps.table, session_id)
    if row is None:
        raise NotFound("We do not know this checkout.", code="unknown_checkout")
    if row.status not in _MAY_CHANGE:
        return Looked(row, asked=True)
    try:
        told = Told(SESSION, deps.stripe.checkout_session(session_id))
        deliver(apply_event.apply(told, deps, now=now, real_now=real_now), postman, now)
    except (StripeUnavailable, StripeRefused, apply_event.Contended, apply_event.NobodyNamedError) as error:
        log.warning("checkout could not be brought up to date: %s", type(error).__name__)
        return Looked(row, asked=False)
    return Looked(checkouts.read(deps.table, session_id) or row, asked=True)
