"""Let mail go to an address again, by an operator's decision."""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.kernel import email_address
from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.errors import BadInput, Conflict, NotFound
from chalicelib.kernel.moments import RealTime
from chalicelib.kernel.table import Contended, Table
from chalicelib.mail.rows import outbox, suppressed
from chalicelib.mail.rules.feedback import Suppression
from chalicelib.supporters.rows import supporters


@dataclass(frozen=True)
class MailAllowed:
    """An address that was suppressed until now, and what an operator still has to do for it.

    `listed`: why the mail service may still have the address on a list of its own, empty when it has not.
    `held_back`: the mails that were not sent while it was suppressed.
    """

    email: EmailAddress
    was: Suppression
    listed: str
    held_back: tuple[str, ...]


def allow_mail(
    table: Table,
    email: str,
    reason: str,
    *,
    by: str,
    email_key: str,
    real_now: RealTime,
    unlist: Callable[[EmailAddress], str],
) -> MailAllowed:
    """Take an address off the list of those that get no mail; `reason` and `by`, who decided, are stored.

    :param unlist: takes it off the mail service's own list; answers why it could not, empty when it could.
    :raises BadInput: `bad_reason`, `bad_email`.
    :raises NotFound: `not_suppressed`.
    :raises Conflict: `busy`: others kept changing this address; nothing was done.
    """
    if not reason.strip():
        raise BadInput("Say why, so that somebody can ask later.", code="bad_reason", field="reason")
    address = email_address.read(email)
    hashed = supporters.email_hash(address, email_key)
    try:
        held = suppressed.allow(table, hashed, suppressed.Allowed(real_now, by, reason.strip()))
    except Contended:
        raise Conflict("Others are at this address just now. Please try again.", code="busy") from None
    if held is None:
        raise NotFound("This address is not suppressed: mail goes there.", code="not_suppressed")
    return MailAllowed(address, held, unlist(address), _held_back(table, hashed))


def _held_back(table: Table, hashed: str) -> tuple[str, ...]:
    supporter = supporters.find_by_hash(table, hashed)
    rows = outbox.given_up(table) if supporter else []
    return tuple(row["mail"] for row in rows if row["supporter"] == supporter and row["status"] == "suppressed")
