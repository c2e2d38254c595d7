"""Stripe's rings of reconcile, each wider than the last.

undelivered   every 10 minutes   events that our endpoint did not take
events        every hour         all events, since the last run and two hours more
money         every hour         balance transactions, day by day, which need no event at all; and once a day a
                                 thirtieth of the subscriptions, and how gifts were paid that were booked before that
                                 was kept
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial

from chalicelib.closing.actions.close_days import close_days
from chalicelib.rails.stripe.reconcile.events import all_events, undelivered
from chalicelib.rails.stripe.reconcile.methods import methods
from chalicelib.rails.stripe.reconcile.recurring import recurring
from chalicelib.rails.stripe.reconcile.run import StripeRun
from chalicelib.rails.stripe.reconcile.statement import BalanceTransactions
from chalicelib.reconciling import progress
from chalicelib.reconciling.run import EventsTally, MoneyTally, Part, RecurringTally, Tally

_SHARE = 0.7  # of the ring's time for money: the rest is for recurring gifts
_DAILY = 20 * 3600  # less than a day, so that an hour that is missed loses none
RINGS = ("undelivered", "events", "money")


def rings(run: StripeRun) -> Mapping[str, Sequence[Part]]:
    """The parts of each ring, in their order. The ring `money` has `money`, `recurring` and `methods`."""

    @cache
    def daily() -> bool:
        return run.by_hand or run.now() - progress.round_of(run.deps.table).at >= _DAILY

    def once_a_day(work: Callable[[], None]) -> None:
        if daily():
            work()

    new, every, sums, gifts, paid = EventsTally(), EventsTally(), MoneyTally(), RecurringTally(), Tally()
    return {
        "undelivered": [Part("undelivered", new, partial(undelivered, run, new))],
        "events": [Part("events", every, partial(all_events, run, every))],
        "money": [
            Part("money", sums, partial(close_days, run, sums, BalanceTransactions(run, sums), share=_SHARE)),
            Part("recurring", gifts, partial(once_a_day, partial(recurring, run, gifts))),
            Part("methods", paid, partial(once_a_day, partial(methods, run, paid))),
        ],
    }
