"""What the schedules ask of the table while nothing is due: it is paid for whether anybody gives or not."""

from collections.abc import Iterator
from functools import partial

from bench.workbench import Measured, Workbench
from chalicelib import jobs as scheduled
from testkit.reconciling import reconciles
from testkit.stripe_double import StripeDouble


def jobs(workbench: Workbench) -> Iterator[Measured]:
    """Those jobs that run by the clock, are not among those of money, and do not look at everybody."""
    harness = workbench.harness
    yield workbench.measure("erasures, none due", scheduled.erase)
    harness.stripe = StripeDouble(harness.clock.business)
    reconciles(harness, ["undelivered"])
    again = partial(reconciles, harness, ["undelivered"], by_hand=False)
    yield workbench.measure("undelivered events, none", again)
