"""The ring of money: a provider's own books against the ledger, movement by movement.

A provider may fail to make a notification, but no money moves without a line in its books. Each line of the last 35
days that is about our money must have an entry: one that has none is booked as if its notification had just come.
Then both sides are added up per currency, as charged, and must agree.

A line that cannot be read is counted and named, and the others go on. If the list breaks off, or its share of the
time is over, the lines found without entry by then are still booked; then the ring reports that it did not finish,
and entries without a line are not looked for.
"""

from dataclasses import replace

from chalicelib.booking.rail import Statement
from chalicelib.observing.log import alarm
from chalicelib.reconciling.books import Books
from chalicelib.reconciling.run import DAY, MoneyTally, RingEnded, Run

_LISTING = 0.7  # of the time: the rest is for booking what is missing


def money(run: Run, tally: MoneyTally, statement: Statement, *, share: float = 1.0) -> None:
    """Book what is missing, then compare the books with the ledger; a difference raises an alarm.

    :param share: of the run's time; the rest is for the run's other parts.
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
        return  # not all lines could be looked at, so an entry without a line proves nothing
    books.look_for_unheard_of(since)
    for code, one in sorted(tally.currencies.items()):
        if one.unexplained or one.missing:
            alarm("reconcile_difference", currency=code, unexplained=one.unexplained, missing=one.missing)
