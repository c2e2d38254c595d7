"""Start a checkout: claim the attempt, create the Checkout Session, remember which browser it belongs to.

An attempt stands for one wish. Asked again with the same fields while the session is open, it answers the same
address, so a double tap or a retry on a bad connection makes one session. The claim holds everything that decides the
parameters sent to Stripe, so that the same idempotency key always goes with the same parameters.
"""

import time
from dataclasses import dataclass

from chalicelib.checkouts.rows import checkouts
from chalicelib.checkouts.rows.checkouts import Attempt, Checkout
from chalicelib.checkouts.rules.wish import Wish
from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.errors import BadInput, Conflict, Unavailable
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import RealTime
from chalicelib.kernel.table import Table, TableUnavailable, TransactionLost
from chalicelib.kernel.urls import LONGEST_KEPT, shortened
from chalicelib.observing import metrics
from chalicelib.observing.log import log
from chalicelib.rails.stripe.checkout import Offer, PaymentPage, can_be_paid, open_page
from chalicelib.rails.stripe.port import Stripe, StripeRefused, StripeUnavailable

_MOST_TRIES = 6
_REFUSED_FIELDS = {"email_invalid": "email", "amount_too_small": "amount", "amount_too_large": "amount"}


@dataclass(frozen=True)
class CheckoutStarter:
    """Who starts a checkout: the browser's fingerprint, and the supporter its session proves.

    `customer` is that supporter's Stripe customer for this currency, `email` their own address.
    """

    browser: str
    supporter: SupporterId | None = None
    customer: str | None = None
    email: EmailAddress | None = None


def start_checkout(
    attempt_id: str,
    wish: Wish,
    starter: CheckoutStarter,
    offer: Offer,
    *,
    table: Table,
    stripe: Stripe,
    now: RealTime,
) -> tuple[str, str]:
    """Start a checkout for a wish that was checked before; answers its id (`cs_…`) and the address of Stripe's page.

    :raises Conflict: `attempt_elsewhere`, `attempt_changed` or `attempt_finished`.
    :raises StripeUnavailable, TableUnavailable: the attempt may be repeated as it is.
    """
    wanted = Attempt(
        attempt_id,
        wish.fingerprint(),
        starter.browser,
        offer.language,
        starter.supporter,
        starter.customer,
        starter.email,
    )
    claimed = checkouts.claim(table, wanted, now)
    if claimed.browser != starter.browser:
        raise Conflict("This attempt was started in another browser.", code="attempt_elsewhere")
    if claimed.wish != wanted.wish:
        raise Conflict("This attempt stands for another gift. Take a new one.", code="attempt_changed")
    if claimed.session and claimed.url:
        return _still_open(claimed.session, claimed.url, table, stripe)
    session = _create(claimed, wish, offer, table, stripe)
    _remember(claimed, session, wish, table, now)
    counts = metrics.abuse("checkout", also="CheckoutsStarted")
    log.info("checkout started", counts=counts, checkout=session.id, interval=wish.interval)
    return session.id, session.url


def _still_open(session_id: str, url: str, table: Table, stripe: Stripe) -> tuple[str, str]:
    row = checkouts.read(table, session_id)
    finished = row is not None and row.status != "open"
    if not finished:
        try:
            finished = not can_be_paid(session_id, stripe)
        except StripeUnavailable:
            # Stripe's page will say itself how it stands.
            finished = False
        except StripeRefused as refused:
            # Stripe does not know it (any more): nobody can pay it.
            finished = refused.missing
    if finished:
        raise Conflict("This gift is finished. To make another one, start anew.", code="attempt_finished")
    return session_id, url


def _create(attempt: Attempt, wish: Wish, offer: Offer, table: Table, stripe: Stripe) -> PaymentPage:
    try:
        return open_page(attempt, wish, offer, stripe)
    except StripeUnavailable as unavailable:
        if unavailable.key_spent:
            checkouts.key_spent(table, attempt)
        raise
    except StripeRefused as refused:
        if refused.missing and attempt.customer:
            # Deleted at Stripe: the supporter gives as a new customer, with their own address filled in.
            return _create(checkouts.without_customer(table, attempt), wish, offer, table, stripe)
        field = _REFUSED_FIELDS.get(refused.code)
        if field:
            raise BadInput(f"The payment service refused the {field}.", code=f"bad_{field}", field=field) from None
        raise Unavailable(
            "The payment service refused this gift. Please write to us.", code="stripe_refused"
        ) from None


def _remember(attempt: Attempt, session: PaymentPage, wish: Wish, table: Table, now: RealTime) -> None:
    row = Checkout(
        id=session.id,
        browser=attempt.browser,
        status="open",
        language=attempt.language,
        return_to=wish.return_to,
        amount=wish.amount,
        currency=wish.currency,
        interval=wish.interval,
        url=session.url,
        campaign=wish.campaign,
        source=shortened(wish.source, LONGEST_KEPT) if wish.source else None,
        attempt=attempt.id,
    )
    for tries in range(1, _MOST_TRIES + 1):
        try:
            table.transact(checkouts.opened(attempt, row, now))
        except TransactionLost:
            # The same attempt, tapped twice: the other call stored the same session, or is about to.
            if checkouts.read(table, session.id) is not None:
                return
            time.sleep(0.02 * tries)
            continue
        return
    raise TableUnavailable("the checkout could not be remembered")
