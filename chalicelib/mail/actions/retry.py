"""Send a mail that was given up, once the cause is repaired."""

from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.moments import BusinessTime
from chalicelib.mail.actions.send import MailSender
from chalicelib.mail.rows import outbox


def retry_mail(mail_id: str, mail_sender: MailSender, now: BusinessTime) -> str:
    """Try once more, with failures counted from zero, unless it was sent. Answers the mail's status afterwards.

    :raises NotFound: `unknown_mail`.
    """
    was = outbox.retry(mail_sender.table, mail_id, now)
    if was is None:
        raise NotFound(f"There is no mail {mail_id}.", code="unknown_mail")
    if was != "sent":
        mail_sender.try_send(mail_id, now)
    return outbox.status(mail_sender.table, mail_id) or was
