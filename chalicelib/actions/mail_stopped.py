"""Nobody's mail goes: told once in a while, however many mails meet it, and in however many processes."""

from chalicelib.log import alarm
from chalicelib.ports import MailStopped
from chalicelib.store import rate
from chalicelib.store.table import Table, TableUnavailable

_PAUSE = 6 * 3600  # seconds
_SCOPE = "mail_stopped"


def tell_once(table: Table, error: MailStopped, now: int) -> None:
    """Raise the alarm, unless it was raised within six hours. Never raises: the caller has an error to handle."""
    try:
        first = rate.first(table, _SCOPE, "everybody", _PAUSE, now)
    except TableUnavailable:
        first = True  # nobody knows whether it was told; twice is better
    if first:
        alarm("mail_stopped", why=error.code)
