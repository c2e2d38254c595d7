"""Put the reminders of this month, and of earlier ones, into the outbox, each once; the sweep sends them."""

from functools import partial

from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime, month_of
from chalicelib.kernel.table import Table, TransactionLost
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rules.stored import UnreadableEntry
from chalicelib.mail.rows import outbox, switched_off
from chalicelib.mail.rules.mails import MailToSend
from chalicelib.mail.rules.mails_ahead import ReminderMail
from chalicelib.newsroom.rules import Newsroom
from chalicelib.reconciling.mail_tally import MailTally
from chalicelib.reconciling.work_limits import OutOfTime, WorkLimits
from chalicelib.reminders.rows import reminders
from chalicelib.reminders.rules import months as rules
from chalicelib.supporters.rows import supporters


def send_due_reminders(
    table: Table, newsroom: Newsroom, limits: WorkLimits, tally: MailTally, *, now: BusinessTime
) -> None:
    """Put each reminder that is due into the outbox, or drop it if it is of no use.

    The row goes away in the transaction that writes its mail: whatever is cut off is done by the next run, once. One
    whose month is over, as nothing ran in it, is a promise all the same: its mail says that we are late.

    :raises OutOfTime: not all were looked at.
    """
    month = month_of(now, newsroom.zone)
    for supporter in reminders.due(table, month):
        if limits.over():
            raise OutOfTime
        tally.count(partial(_remind, table, supporter, month, now))


def _remind(table: Table, supporter: SupporterId, month: str, now: BusinessTime) -> bool:
    found = reminders.read(table, supporter)
    if found is None or found.month > month:
        return False  # the index is a little behind: it was cancelled, or asked for anew
    wanted = not rules.is_forgotten(found.month, month) and _is_wanted(table, found)
    values = {**(vars(found.given) if found.given else {}), "late_for": found.month if found.month < month else None}
    mail = MailToSend(f"{supporter}:reminder:{found.month}", ReminderMail.kind, values)
    try:
        table.transact([reminders.gone(found), *([outbox.put(mail, supporter, now)] if wanted else [])])
    except TransactionLost:
        return False  # asked for anew just now, or another run was faster
    return wanted


def _is_wanted(table: Table, found: reminders.AskedReminder) -> bool:
    supporter = found.supporter
    if "reminders" in switched_off.read(table, supporter):
        return False
    if outbox.exists(table, f"{supporter}:reminder:{found.month}"):
        return False  # reminded this month already, and asked again within it
    entries = ledger.entries_of(table, supporter)
    gifts = (one.entry.movement for one in entries if not isinstance(one, UnreadableEntry))
    standing = supporters.read_state(table, supporter).standing
    return not rules.supports_again(standing, gifts, found.asked_at)
