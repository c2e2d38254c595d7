"""Ring 3, money: Stripe's own books against the ledger, movement by movement.

An event can fail to be made at all; money cannot move without a balance transaction. Each one of the last 35 days
that is about a payment, a refund or a dispute of ours must have its entry: what has none is booked by the handler
that an event about it would have met. Then both sides are added up per currency, as charged, and must agree.

A line that cannot be read is counted and named, and the others go on. Where Stripe's list breaks off, or its share of
the time is over, what was found missing by then is booked all the same; only then the ring says that it did not
finish, and what nobody looked at is compared with nothing.
"""

from dataclasses import replace

from chalicelib.observing.log import alarm
from chalicelib.rails.stripe.reconcile.books import Books
from chalicelib.rails.stripe.reconcile.run import StripeRun
from chalicelib.reconciling.run import DAY, MoneyTally, RingEnded

SHARE = 0.7  # of the ring's time: the rest is for recurring gifts
_LISTING = 0.7  # of that: the rest is for booking what is missing
_AWAY = ("stripe", "table")


def money(run: StripeRun, tally: MoneyTally) -> None:
    """Book what is missing, then compare; a difference is an alarm."""
    try:
        _look_book_compare(replace(run, share=run.share * SHARE), tally)
    finally:
        if tally.differences:
            alarm("reconcile_difference", movements=len(tally.differences), first=tally.differences[0])


def _look_book_compare(run: StripeRun, tally: MoneyTally) -> None:
    since = run.now() - run.days * DAY
    books = Books(run, tally)
    try:
        books.look_at_all(since, share=run.share * _LISTING)
    except Exception as ended:
        if not (isinstance(ended, RingEnded) and ended.why in _AWAY):
            books.book_missing()
        raise
    books.book_missing()
    if tally.undecided:
        return  # not everything could be looked at: what is missing may only be late
    books.look_for_unheard_of(since)
    for code, one in sorted(tally.currencies.items()):
        if one.unexplained or one.missing_at_stripe:
            alarm("reconcile_difference", currency=code, unexplained=one.unexplained, missing=one.missing_at_stripe)
