"""Sweep and reconcile, run at once at the end of a month, without waiting for a schedule and hardly limited.

Elsewhere they stay far below Stripe's limits; here a year has to pass in minutes.
"""

from chalicelib.jobs import reconciled
from chalicelib.rails.stripe.reconcile.rings import RINGS
from chalicelib.reconciling.work_limits import WorkLimits
from chalicelib.upkeep.reconcile import Reconciled
from chalicelib.upkeep.sweep import sweep as run_sweep
from chalicelib.wiring import Wiring

_A_SECOND = 200  # calls to Stripe a second


def sweep(wired: Wiring) -> None:
    """Apply all pending events and send all unsent mails, also what is not due yet."""
    run_sweep(wired, everything=True, limits=WorkLimits(_A_SECOND))


def reconcile(wired: Wiring) -> Reconciled:
    """Run all three rings, as `ops reconcile` does."""
    return reconciled(wired, RINGS, by_hand=True, limits=WorkLimits(_A_SECOND))
