"""The app's wiring with the local stack's business clock in it; everything else is as in production."""

import os

from chalicelib import settings, wiring
from chalicelib.kernel.moments import BusinessTime, MachineClock
from localdev import business_clock, unguarded


class LocalClock(MachineClock):
    """Real time is the machine's, business time the stack's."""

    def now(self) -> BusinessTime:
        """See Clock."""
        return BusinessTime(int(business_clock.now().timestamp()))


def install_business_clock() -> "wiring.Wiring":
    """Make the app, in this process, take business time from the stack's movable clock. Answers the wiring."""
    wired = wiring.Wiring(settings.from_environment(), clock=LocalClock())
    if os.environ.get(unguarded.SETTING) == unguarded.GUARD:  # the rehearsal's negative control
        wired.table = unguarded.Unguarded(wired.table)
    wiring.install(wired)
    return wired
