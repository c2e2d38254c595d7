"""The app's wiring with the local stack's business clock in it; everything else is as in production."""

import os
from functools import cached_property

from chalicelib import settings, wiring
from chalicelib.kernel.table import Table
from localdev import business_clock, unguarded


class _WithoutGuard(wiring.Wiring):
    """For the rehearsal's negative control only, see `unguarded`."""

    @cached_property
    def table(self) -> Table:
        return unguarded.Unguarded(super().table)


def install_business_clock() -> "wiring.Wiring":
    """Make the app, in this process, take business time from the stack's movable clock. Answers the wiring."""
    left_out = os.environ.get(unguarded.SETTING) == unguarded.GUARD
    kind = _WithoutGuard if left_out else wiring.Wiring
    wired = kind(settings.from_environment(), business_now=business_clock.now)
    wiring.install(wired)
    return wired
