"""In January, put a mail into the outbox for everybody who gave in the year before: the sums, and the statement.

Once a supporter and year, as the mail's name says both. The job runs daily; each run puts at most some hundred, two
seconds apart, and notes how far it came, so that the mail service sees no crowd, and nobody is written to twice after
a run was cut off. What was begun in January is finished by March if it has to be. Suppressed addresses and whoever
wants no such mails are the sender's business, as with every mail.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from itertools import islice

from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime, neighbours_of
from chalicelib.kernel.table import ConditionFailed
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rules.stored import ListedEntry
from chalicelib.mail.rows import outbox
from chalicelib.mail.rules.mails import MailToSend
from chalicelib.mail.rules.year_mail import YearOfGifts
from chalicelib.receipts.actions.history import GivingHistory
from chalicelib.receipts.rules.donations import statement, year_of
from chalicelib.reconciling import progress
from chalicelib.reconciling.mail_tally import MailTally
from chalicelib.reconciling.progress import Place
from chalicelib.reconciling.work_limits import OutOfTime, WorkLimits
from chalicelib.supporters.rows import supporters

MOST = 600  # of one run
_APART = 2  # seconds between two mails
_PLACE = "yearly_mails"
_JANUARY, _MARCH = 1, 3
_BEGUN, _END = "", "~"  # sort before and behind every supporter


def put_yearly_mails(
    history: GivingHistory,
    rails: Iterable[str],
    limits: WorkLimits,
    tally: MailTally,
    *,
    now: BusinessTime,
    most: int = MOST,
) -> None:
    """Put the next mails about the year before, from January of the newsroom's time zone on.

    :raises OutOfTime: not all were looked at; the next run goes on there.
    """
    here = datetime.fromtimestamp(now, history.newsroom.zone)
    year = here.year - 1
    behind = _behind(history, year)
    if behind == _END or here.month > (_JANUARY if behind is None else _MARCH):
        return
    givers = (one for one in sorted(_givers(history, rails, year, limits)) if one > (behind or ""))
    before, last = MailTally(tally.put, tally.failed), behind
    try:
        for supporter in islice(givers, most):
            if limits.over():
                raise OutOfTime
            due = BusinessTime(now + _APART * (tally.put - before.put))
            tally.count(partial(_put, history, supporter, year, due))
            last = supporter
        if next(givers, None) is None:
            # For whom it failed, all are looked through again: what was put is not put twice.
            last = _END if tally.failed == before.failed else _BEGUN
    finally:
        if last != behind:
            progress.note_place(history.table, _PLACE, Place(behind=f"{year}#{last}"))


def _behind(history: GivingHistory, year: int) -> str | None:
    """The supporter behind whom this year's run goes on; None where it was not begun."""
    noted_year, _, supporter = (progress.place(history.table, _PLACE).behind or "").partition("#")
    return supporter if noted_year == str(year) else None


def _givers(history: GivingHistory, rails: Iterable[str], year: int, limits: WorkLimits) -> set[SupporterId]:
    """Everybody who gave in a year of the newsroom's, by the index, whose months are UTC."""
    zone, found = history.newsroom.zone, set[SupporterId]()
    for month in _months(year):
        for rail in rails:
            found |= {
                entry.supporter
                for entry in ledger.entries_of_month(history.table, rail, month)
                if isinstance(entry, ListedEntry)
                and (entry.kind, entry.livemode) == ("gift", history.livemode)
                and year_of(entry.occurred_at, zone) == year
            }
            if limits.over():
                raise OutOfTime
    return found


def _months(year: int) -> Iterator[str]:
    """The months of a year in UTC, with the one before and the one after: its ends differ by the time zone."""
    first = f"{year}-01"
    yield neighbours_of(first)[0]
    for number in range(1, 13):
        yield f"{year}-{number:02}"
    yield f"{year + 1}-01"


def _put(history: GivingHistory, supporter: SupporterId, year: int, due: BusinessTime) -> bool:
    """Put one mail, unless nothing is left of the year's gifts, or it was put before, or nobody is there."""
    if supporters.read_profile(history.table, supporter) is None:
        return False
    name = f"{supporter}:year:{year}"
    if outbox.exists(history.table, name):
        return False
    given = statement(history.all_given(supporter).donations, year, history.newsroom.zone)
    if not given.something_left:
        return False
    sums = [[one.left, one.currency] for one in given.sums if one.left]
    mail = MailToSend(name, YearOfGifts.kind, {"year": year, "sums": sums})
    try:
        history.table.write(outbox.put(mail, supporter, due))
    except ConditionFailed:
        return False  # another run was faster
    return True
