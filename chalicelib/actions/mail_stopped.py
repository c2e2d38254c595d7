"""Nobody's mail goes: told once in a while, however many mails meet it, and in however many processes."""

from chalicelib.domain.errors import TooMany
from chalicelib.log import alarm
from chalicelib.ports import MailStopped
from chalicelib.store import rate
from chalicelib.store.table import Table, TableUnavailable

_PAUSE = 6 * 3600  # seconds
_SCOPE = "mail_stopped"


def tell_once(table: Table, error: MailStopped, now: int) -> None:
    """Raise the alarm, unless it was raised within six hours. Never raises: the caller has an error to handle."""
    try:
        rate.take(table, _SCOPE, "everybody", 1, _PAUSE, now)
    except TooMany:
        return
    except TableUnavailable:
        pass  # nobody knows whether it was told; twice is better
    alarm("mail_stopped", why=error.code)
