"""The dependencies of Stripe's rail, beside those of booking."""

from dataclasses import dataclass

from chalicelib.booking.actions.apply import Deps
from chalicelib.rails.stripe.port import Stripe


@dataclass(frozen=True, kw_only=True)
class StripeDeps(Deps):
    """What Stripe's rail needs from outside. `site_id`: our mark on everything that we create at Stripe."""

    stripe: Stripe
    site_id: str
