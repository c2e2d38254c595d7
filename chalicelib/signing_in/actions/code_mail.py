"""Mail a code to an address that somebody typed: who may cause one, and what is the same for every address.

A code lives minutes, so it goes out at once and not through the outbox. Nothing is mailed to an address whose budget
is used up, or that is suppressed; the answer, and the time that it takes, stay the same.
"""

from typing import Literal

from chalicelib.kernel import ids
from chalicelib.kernel.client_limits import check_rate
from chalicelib.kernel.moments import RealTime
from chalicelib.mail.actions import budget as mail_budget
from chalicelib.mail.actions.budget import KnownAddress, MailRequester
from chalicelib.mail.actions.send import MailSender
from chalicelib.mail.actions.stopped import alarm_once
from chalicelib.mail.port import MailRefused, MailStopped
from chalicelib.mail.rows import suppressed
from chalicelib.mail.rules.mails import Mail
from chalicelib.observing.log import log

# What became of a mail; `refused`: the mail service will never take it, as for an address that cannot exist.
Mailed = Literal["sent", "held_back", "too_many", "refused"]


def admitted(asker: MailRequester, mail_sender: MailSender, now: RealTime) -> KnownAddress:
    """What is known of the address, once the request is within its limit.

    Requests are counted by client; those of browsers that proved this very address, by address: others may share the
    client.

    :raises RateLimited: `sign_ins`.
    """

    def check(who: str) -> None:
        most = mail_sender.newsroom.limits.sign_ins
        check_rate(mail_sender.table, "sign_ins", who, limit=most, key=mail_sender.email_key, now=now)

    if asker.client is not None and asker.browser is None:
        check(asker.client)  # before anything is read, so that a flood costs little
    known = mail_budget.look(asker, mail_sender.table, key=mail_sender.email_key, now=now)
    if asker.client is not None and asker.browser is not None:
        here, *_ = asker.places(mail_sender.email_key)
        # By the address, not by the browser: many browsers of one person have this limit together.
        check(f"address {known.hashed}" if here in known.proven_in else asker.client)
    return known


def mail_code(
    asker: MailRequester, known: KnownAddress, mail: Mail, lang: str, mail_sender: MailSender, *, now: RealTime
) -> Mailed:
    """Mail a code, as far as budgets allow; whoever keeps the code's row has written it before.

    :param known: from `admitted`.
    :raises MailUnavailable: the mail service did not take it.
    """
    limits, key = mail_sender.newsroom.limits, mail_sender.email_key
    may_mail = mail_budget.may_mail(asker, known, mail_sender.table, limits, key=key, now=now)
    # Read for every address, so that the time it takes says nothing about one.
    held = suppressed.read(mail_sender.table, known.hashed)
    # Composed for every address, for the same reason: it takes time.
    composed = mail_sender.compose(mail, lang)
    if not may_mail or held is not None:
        mail_sender.mailer.pretend()
        return "held_back" if held else "too_many"
    try:
        # Not the id of the code's row: that stands in a link, and a Message-ID is seen by many.
        name = mail.kind.replace("_", "-")
        mail_sender.send(composed, to=asker.email, message_id=f"{name}-{ids.new_id()}", kind=mail.kind)
    except MailStopped as error:
        alarm_once(mail_sender.table, error, now)
        raise
    except MailRefused as error:
        # There is no such address; whoever typed it to sign in must not learn that.
        log.info("mail refused", kind=mail.kind, why=error.code)
        return "refused"
    return "sent"
