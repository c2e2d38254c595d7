"""What this rail needs from outside, beside what booking needs."""

from dataclasses import dataclass

from chalicelib.booking.actions.apply import Deps
from chalicelib.rails.stripe.port import Stripe


@dataclass(frozen=True, kw_only=True)
class StripeDeps(Deps):
    """`site_id`: our mark on everything that we make at Stripe."""

    stripe: Stripe
    site_id: str
