"""What the schedules do, once and at once: at the end of a month nobody waits for their turn, nor paces themselves.

Elsewhere sweep and reconcile keep far below Stripe's limits; here a year is to go by in minutes.
"""

from dataclasses import replace

from chalicelib.reconciling.pace import Pace, paced
from chalicelib.reconciling.run import Run
from chalicelib.upkeep.reconcile import Reconciled
from chalicelib.upkeep.reconcile import reconcile as run_rings
from chalicelib.upkeep.sweep import sweep as run_sweep
from chalicelib.wiring import Wiring

_A_SECOND = 200  # calls to Stripe


def sweep(wired: Wiring) -> None:
    """Apply and send all that waits, also what is not due yet."""
    run_sweep(wired, everything=True, pace=Pace(_A_SECOND))


def reconcile(wired: Wiring) -> Reconciled:
    """All three rings, as `ops reconcile` runs them."""
    kept = Pace(_A_SECOND)
    deps = wired.booking_deps
    deps = replace(deps, stripe=paced(deps.stripe, kept))
    return run_rings(Run(deps, wired.mail_sender, kept, wired.now, wired.real_now, live=False, by_hand=True))
