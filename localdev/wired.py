"""The app's wiring with the local stack's business clock in it; everything else is as in production."""

from chalicelib import settings, wiring
from localdev import business_clock


def install_business_clock() -> "wiring.Wiring":
    """Make the app, in this process, take business time from the stack's movable clock. Answers the wiring."""
    wired = wiring.Wiring(settings.from_environment(), business_now=business_clock.now)
    wiring.install(wired)
    return wired
