"""Send a mail that was given up, after what was wrong is mended."""

from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.moments import BusinessTime
from chalicelib.mail.actions.send import MailSender
from chalicelib.mail.rows import outbox


def retry_mail(mail_id: str, mail_sender: MailSender, now: BusinessTime) -> str:
    """Try once more, as if nothing had failed yet, unless it was sent. Answers how the mail stands then.

    :raises NotFound: `unknown_mail`.
    """
    was = outbox.retry(mail_sender.table, mail_id, now)
    if was is None:
        raise NotFound(f"There is no mail {mail_id}.", code="unknown_mail")
    if was != "sent":
        mail_sender.try_send(mail_id, now)
    return outbox.status(mail_sender.table, mail_id) or was
