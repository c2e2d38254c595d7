"""Take back a supporter's request to be erased: signing in within the days of grace says that they want to stay."""

from chalicelib.kernel.ids import SupporterId, new_id
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import Change, Table, written
from chalicelib.mail.rows import outbox
from chalicelib.mail.rules.mails import MailToSend
from chalicelib.observing.log import log
from chalicelib.supporters.rows import erasures, history


def call_off_erasure(table: Table, supporter: SupporterId, now: BusinessTime) -> None:
    """Take the request back, if there is one and it has not begun; told by mail, which the sweep sends.

    :raises TableUnavailable: it may be taken back by now, and is if they sign in once more.
    """
    changes = calling_off(table, supporter, now)
    if changes and written(table, *changes):
        log.info("erasure called off")


def calling_off(table: Table, supporter: SupporterId, now: BusinessTime, *, undone: bool = False) -> list[Change]:
    """The changes that take the request back, with its mail; none where there is no request, or it has begun.

    :param undone: not by signing in, but with the change of address before it, which was undone.
    """
    asked = erasures.read(table, supporter)
    if asked is None or asked.status != "asked":
        return []
    mail = MailToSend(f"erasure_{new_id()}:called_off", "erasure_called_off", {"undone": undone} if undone else {})
    line = history.line(supporter, now, ["supporter:erasure:called_off"])
    return [erasures.call_off(asked), line, outbox.put(mail, supporter, now)]
