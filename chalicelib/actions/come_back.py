"""A reader comes back from Stripe, or asks how their checkout stands: apply what Stripe says now, then look.

The payment is applied at once, through the same door as a webhook, so that the thank-you page never waits for one.
"""

from dataclasses import dataclass

from chalicelib.actions import apply_event
from chalicelib.actions.apply_event import Deps, Told
from chalicelib.actions.commit import NobodyNamedError
from chalicelib.actions.receive_event import deliver
from chalicelib.actions.send_mail import Postman
from chalicelib.domain.errors import NotFound, TooMany
from chalicelib.log import log
from chalicelib.ports import StripeRefused, StripeUnavailable
from chalicelib.store import checkouts, rate
from chalicelib.store.checkouts import Checkout
from chalicelib.store.table import Table
from chalicelib.stripe_events.reversing import GiftNotFoundError
from chalicelib.stripe_events.sessions import SESSION

_NOT_NOW = (StripeUnavailable, apply_event.Contended)
_MAY_CHANGE = ("open", "processing")
# Far more than a person's reloading and a page's polling; without it one browser could use up Stripe's own limit.
_LOOKS, _WINDOW = 30, 60


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
    if row.status not in _MAY_CHANGE or not _may_ask(deps.table, session_id, real_now):
        return Looked(row, asked=True)
    try:
        told = Told(SESSION, deps.stripe.checkout_session(session_id))
        deliver(apply_event.apply(told, deps, now=now, real_now=real_now), postman, now)
    except (*_NOT_NOW, StripeRefused, NobodyNamedError, GiftNotFoundError, ValueError) as error:
        log.warning("checkout not brought up to date", checkout=session_id, trouble=error)
        return Looked(row, asked=False)
    return Looked(checkouts.read(deps.table, session_id) or row, asked=True)


def _may_ask(table: Table, session_id: str, real_now: int) -> bool:
    try:
        rate.take(table, "looks", session_id, _LOOKS, _WINDOW, real_now)
    except TooMany:
        return False
    return True
