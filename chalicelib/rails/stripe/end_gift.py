"""End a recurring gift at Stripe at once, and book what Stripe then says."""

from contextlib import suppress

from chalicelib.booking.actions.apply import apply
from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.rails.stripe import change_gift, gift_at_stripe
from chalicelib.rails.stripe.deps import StripeDeps
from chalicelib.rails.stripe.events.registry import BY_OBJECT
from chalicelib.rails.stripe.notification import StripeNotification
from chalicelib.rails.stripe.port import StripeRefused


def end_gift(subscription: str, deps: StripeDeps, *, now: BusinessTime, real_now: RealTime) -> tuple[str, ...]:
    """End it, any number of times; answers the mails about it. One that Stripe does not know has ended.

    Nothing is charged or given back for what is left of a period.

    :raises StripeUnavailable, StripeRefused: it may have ended.
    """
    with suppress_missing():
        current = gift_at_stripe.find(subscription, deps.stripe)
        change_gift.end(current, {}, deps.stripe, f"erase:{subscription}")
    with suppress_missing():
        found = deps.stripe.subscription(subscription)
        told = StripeNotification(BY_OBJECT["subscription"], found, deps, now=now, real_now=real_now)
        return apply(told, deps, now=now).mails
    return ()


class suppress_missing(suppress):  # noqa: N801 - reads as the `suppress` of contextlib
    """`suppress` for Stripe's refusal of what it does not know (any more); other refusals are raised."""

    def __init__(self) -> None:
        super().__init__(StripeRefused)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> bool:
        """Suppress only what is missing."""
        return isinstance(error, StripeRefused) and error.missing
