"""Raise the `mail_stopped` alarm at most once in six hours, across all processes."""

from chalicelib.kernel import rate_limits
from chalicelib.kernel.moments import RealTime
from chalicelib.kernel.table import Table, TableUnavailable
from chalicelib.mail.port import MailStopped
from chalicelib.observing.log import alarm

_PAUSE = 6 * 3600  # seconds
_SCOPE = "mail_stopped"


def alarm_once(table: Table, error: MailStopped, now: RealTime) -> None:
    """Raise `mail_stopped` unless it was raised in the last six hours. Never raises: the caller handles `error`."""
    try:
        first = rate_limits.first(table, _SCOPE, "everybody", _PAUSE, now)
    except TableUnavailable:
        first = True  # whether it was raised is not known; twice is better than never
    if first:
        alarm("mail_stopped", why=error.code)
