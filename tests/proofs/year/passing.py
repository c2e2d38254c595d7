"""Time that passes at Stripe and here: what falls due on the way happens at its own moment, and is told at once."""

from chalicelib.upkeep.daily_mails import put_daily_mails
from localdev.stripe.account import Account
from localdev.stripe.clock import JOBS
from testkit.harness import Harness
from testkit.reconciling import Hours

DAY = 86_400


def passes(harness: Harness, days: float) -> None:
    """So many days go by."""
    target = harness.clock.business + round(days * DAY)
    while due := harness.stripe.account.store.next_due(target):
        at, job, identifier = due
        harness.pass_time(max(0, at - harness.clock.business))

        def work(account: Account, job: str = job, identifier: str = identifier) -> None:
            account.store.schedule(job, identifier, None)
            JOBS[job](account, identifier)

        harness.tell(harness.stripe.happens(work))
    harness.pass_time(target - harness.clock.business)


def a_day_passes(harness: Harness) -> None:
    """A day goes by, and then the scheduled work of the day is done."""
    passes(harness, 1)
    put_daily_mails(harness.wiring, Hours().limits())
    harness.sweeps()
