"""Every rail that there is, by its name in the ledger."""

from chalicelib.booking.rail import Rails
from chalicelib.rails.stripe.rail import StripeRail

RAILS: Rails = {rail.name: rail for rail in (StripeRail(),)}
