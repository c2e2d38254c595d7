"""Stripe's rings of reconcile, each wider than the last.

undelivered   every 10 minutes   events that our endpoint did not take
events        every hour         all events, since the last run and two hours more
money         every day          balance transactions and open subscriptions, which need no event at all; and how
                                 gifts were paid that were booked before that was kept
"""

from collections.abc import Mapping, Sequence
from functools import partial

from chalicelib.rails.stripe.reconcile.events import all_events, undelivered
from chalicelib.rails.stripe.reconcile.methods import methods
from chalicelib.rails.stripe.reconcile.recurring import recurring
from chalicelib.rails.stripe.reconcile.run import StripeRun
from chalicelib.rails.stripe.reconcile.statement import BalanceTransactions
from chalicelib.reconciling.money import money
from chalicelib.reconciling.run import EventsTally, MoneyTally, Part, RecurringTally, Tally

_SHARE = 0.7  # of the ring's time for money: the rest is for recurring gifts
RINGS = ("undelivered", "events", "money")


def rings(run: StripeRun) -> Mapping[str, Sequence[Part]]:
    """The parts of each ring, in their order. The ring `money` has `money`, `recurring` and `methods`."""
    new, every, sums, gifts, paid = EventsTally(), EventsTally(), MoneyTally(), RecurringTally(), Tally()
    return {
        "undelivered": [Part("undelivered", new, partial(undelivered, run, new))],
        "events": [Part("events", every, partial(all_events, run, every))],
        "money": [
            Part("money", sums, partial(money, run, sums, BalanceTransactions(run, sums), share=_SHARE)),
            Part("recurring", gifts, partial(recurring, run, gifts)),
            Part("methods", paid, partial(methods, run, paid)),
        ],
    }
