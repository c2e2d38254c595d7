"""Nobody's mail goes: told once in a while, however many mails meet it, and in however many processes."""

from chalicelib.kernel import rate_limits
from chalicelib.kernel.moments import RealTime
from chalicelib.kernel.table import Table, TableUnavailable
from chalicelib.mail.port import MailStopped
from chalicelib.observing.log import alarm

_PAUSE = 6 * 3600  # seconds
_SCOPE = "mail_stopped"


def alarm_once(table: Table, error: MailStopped, now: RealTime) -> None:
    """Raise the alarm, unless it was raised within six hours. Never raises: the caller has an error to handle."""
    try:
        first = rate_limits.first(table, _SCOPE, "everybody", _PAUSE, now)
    except TableUnavailable:
        first = True  # nobody knows whether it was told; twice is better
    if first:
        alarm("mail_stopped", why=error.code)
