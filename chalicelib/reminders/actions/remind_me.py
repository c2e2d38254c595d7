"""Ask to be reminded in some months, or take that back."""

from datetime import tzinfo

from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import Change, Table
from chalicelib.mail.rows import switched_off
from chalicelib.observing.log import log
from chalicelib.reminders.rows import reminders
from chalicelib.reminders.rows.reminders import AskedReminder, LastGift
from chalicelib.reminders.rules import months as rules
from chalicelib.supporters.rules.state import State


def remind_me(
    table: Table,
    supporter: SupporterId,
    months: int,
    given: LastGift | None,
    *,
    proven: bool,
    zone: tzinfo,
    now: BusinessTime,
) -> str:
    """Remind this supporter once, in so many months; answers the month (`2027-03`). An earlier reminder is replaced.

    :param given: what to offer again.
    :param proven: they are signed in, so that asking switches reminders on again. Whoever merely typed an address
        when paying cannot undo what its owner has switched off.
    """
    month = rules.ahead(now, months, zone)
    changes: list[Change] = [reminders.put(AskedReminder(supporter, month, now, given))]
    if proven:
        changes.append(switched_off.on(supporter, "reminders"))
    table.transact(changes)
    log.info("reminder asked", months=months)
    return month


def forget(table: Table, supporter: SupporterId) -> None:
    """Take back whatever reminder there is."""
    table.write(reminders.cancel(supporter))


def last_given(state: State) -> LastGift | None:
    """The recurring gift that somebody began last, to be offered again; None if they never had one."""
    newest = max(state.standing.recurring, key=lambda gift: (gift.started_at, gift.id), default=None)
    return LastGift(newest.amount, newest.currency, newest.interval, newest.interval_count) if newest else None
