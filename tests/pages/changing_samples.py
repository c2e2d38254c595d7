"""The mails about changes of a recurring gift, in every state, for `samples.py`."""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.mail.rules import mails

_UNDO = "3Kq9wZcD1nXy4BvA.7hPq2LmS9tRw5ZxC"
_PAYMENT = "pi_3Sample0000000000000001"


def mails_about_changes(*, now: datetime, until: datetime, later: datetime, opens: str) -> Mapping[str, mails.Mail]:
    """A name and a mail for each."""
    changed = mails.RecurringChanged
    was = (500, "month")
    return {
        "recurring_changed_raised": changed(
            *(0, "eur", "month", 700, *was, None, until, 700, opens), same_level=True, undo=_UNDO
        ),
        "recurring_changed_raised_now": changed(
            *(500, "eur", "month", 1500, *was, now, until, 1500, opens), undo=_UNDO, reference=_PAYMENT
        ),
        "recurring_changed_lowered": changed(*(0, "eur", "month", 100, *was, None, until, 100), undo=_UNDO),
        "recurring_changed_year": changed(*(0, "eur", "year", 15000, *was, None, until, 14500, opens), undo=_UNDO),
        "recurring_changed_back": changed(*(0, "eur", "month", 500, 700, "month", None, until, 500, opens)),
        "recurring_will_end_undo": mails.RecurringWillEnd(500, "eur", "month", until, until, undo=_UNDO),
        "recurring_resumed_undo": mails.RecurringResumed(500, "eur", "month", until, opens, undo=_UNDO),
        "recurring_paused_undo": mails.RecurringPaused(500, "eur", "month", until, until, later, undo=_UNDO),
    }
