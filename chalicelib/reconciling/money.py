"""The ring of money: a provider's own books against the ledger, movement by movement.

A notification can fail to be made at all; money cannot move without a line in the provider's books. Each one of the
last 35 days that is about money of ours must have its entry: what has none is booked as if it had just been told.
Then both sides are added up per currency, as charged, and must agree.

A line that cannot be read is counted and named, and the others go on. Where the list breaks off, or its share of the
time is over, what was found missing by then is booked all the same; only then the ring says that it did not finish,
and what nobody looked at is compared with nothing.
"""

from dataclasses import replace

from chalicelib.booking.rail import Statement
from chalicelib.observing.log import alarm
from chalicelib.reconciling.books import Books
from chalicelib.reconciling.run import DAY, MoneyTally, RingEnded, Run

_LISTING = 0.7  # of the time: the rest is for booking what is missing


def money(run: Run, tally: MoneyTally, statement: Statement, *, share: float = 1.0) -> None:
    """Book what is missing, then compare; a difference is an alarm.

    :param share: of the run's time, which may have more to do.
    """
    try:
        _look_book_compare(replace(run, share=run.share * share), tally, statement)
    finally:
        if tally.differences:
            alarm("reconcile_difference", movements=len(tally.differences), first=tally.differences[0])


def _look_book_compare(run: Run, tally: MoneyTally, statement: Statement) -> None:
    since = run.now() - run.days * DAY
    books = Books(run, tally, statement)
    try:
        books.look_at_all(since, share=run.share * _LISTING)
    except Exception as ended:
        if not (isinstance(ended, RingEnded) and ended.why in run.probes):
            books.book_missing()
        raise
    books.book_missing()
    if tally.undecided:
        return  # not everything could be looked at: what is missing may only be late
    books.look_for_unheard_of(since)
    for code, one in sorted(tally.currencies.items()):
        if one.unexplained or one.missing:
            alarm("reconcile_difference", currency=code, unexplained=one.unexplained, missing=one.missing)
