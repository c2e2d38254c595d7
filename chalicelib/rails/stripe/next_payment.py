"""A recurring gift as Stripe has it now, and what its next payment will come to."""

from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.observing.log import log
from chalicelib.rails.stripe.deps import StripeDeps
from chalicelib.rails.stripe.events.registry import BY_OBJECT
from chalicelib.rails.stripe.notification import StripeNotification
from chalicelib.rails.stripe.port import Stripe, StripeRefused


def as_it_is_now(
    subscription: str, deps: StripeDeps, *, now: BusinessTime, real_now: RealTime
) -> StripeNotification | None:
    """The notification with which booking brings a gift up to date; None where Stripe does not know it any more.

    :raises StripeUnavailable, StripeRefused: nothing is known.
    """
    try:
        found = deps.stripe.subscription(subscription)
    except StripeRefused as refused:
        if refused.missing:
            return None
        raise
    return StripeNotification(BY_OBJECT["subscription"], found, deps, now=now, real_now=real_now)


def next_charge(subscription: str, stripe: Stripe) -> int | None:
    """What Stripe will ask for next, in minor units: credit or a coupon may make it another sum than the gift's.

    None where Stripe does not say.

    :raises StripeUnavailable: try again later.
    """
    try:
        return int(stripe.preview_invoice({"subscription": subscription})["amount_due"])
    except StripeRefused as refused:
        log.warning("next invoice not told", gift=subscription, trouble=refused)
        return None
