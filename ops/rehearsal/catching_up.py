"""What the schedules do, once and at once: at the end of a month nobody waits for their turn, nor paces themselves.

Elsewhere sweep and reconcile keep far below Stripe's limits; here a year is to go by in minutes.
"""

from chalicelib.jobs import reconciled
from chalicelib.rails.stripe.reconcile.rings import RINGS
from chalicelib.reconciling.work_limits import WorkLimits
from chalicelib.upkeep.reconcile import Reconciled
from chalicelib.upkeep.sweep import sweep as run_sweep
from chalicelib.wiring import Wiring

_A_SECOND = 200  # calls to Stripe


def sweep(wired: Wiring) -> None:
    """Apply and send all that waits, also what is not due yet."""
    run_sweep(wired, everything=True, limits=WorkLimits(_A_SECOND))


def reconcile(wired: Wiring) -> Reconciled:
    """All three rings, as `ops reconcile` runs them."""
    return reconciled(wired, RINGS, by_hand=True, limits=WorkLimits(_A_SECOND))
