"""Begin the correction of a mistyped address: mail a code to the right one, whose owner passes it to the newsroom.

The code proves that the new address is read by whoever wants it; that the gifts are theirs is for the person at the
newsroom to find out (what was given and when, the card's last four digits). See `account/actions/correct_address.py`.
"""

from dataclasses import dataclass

from chalicelib.account.actions.address_owner import free_owner, hash_of
from chalicelib.account.actions.find_supporter import whom
from chalicelib.account.rows import corrections
from chalicelib.account.rows.corrections import Correction
from chalicelib.kernel import email_address, ids, rate_limits
from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.errors import BadInput, Conflict, TooMany, Unavailable
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import RealTime
from chalicelib.mail.actions.send import MailSender
from chalicelib.mail.port import MailRefused, MailUnavailable
from chalicelib.mail.rows import suppressed
from chalicelib.mail.rules.address_mails import CorrectAddress
from chalicelib.observing.log import log
from chalicelib.signing_in.rules import typed_code
from chalicelib.supporters.rows import supporters

_DAY = 86_400
_MOST_MAILS = 3  # a day to one address


@dataclass(frozen=True)
class CorrectionSent:
    """A correction that was begun: a code is on its way to `email`, and works until `expires`."""

    supporter: SupporterId
    email: EmailAddress
    expires: RealTime


def ask_correction(named: str, new: str, mail_sender: MailSender, *, now: RealTime) -> CorrectionSent:
    """Mail a code to the new address of the supporter whom `named` names, by address or identifier.

    :raises NotFound: `unknown_supporter`.
    :raises BadInput: `bad_email`, also where the mail service refuses the address.
    :raises Conflict: `address_in_use`, `suppressed`.
    :raises TooMany: `too_many_corrections`: enough mails for one day.
    :raises Unavailable: `mail_down`.
    """
    supporter, profile = whom(mail_sender.table, named, mail_sender.email_key)
    email = email_address.read(new)
    if email == profile.email:
        raise Conflict("This is their address already.", code="address_in_use")
    free_owner(mail_sender.table, email, supporter, mail_sender.email_key)
    hashed = supporters.email_hash(email, mail_sender.email_key)
    if suppressed.read(mail_sender.table, hashed):
        raise Conflict("No mail goes to this address: `ops mail suppressed` says why.", code="suppressed")
    if wait := rate_limits.take(mail_sender.table, "corrections", hashed[:32], _MOST_MAILS, _DAY, now):
        raise TooMany("You asked too often. Please wait a little.", retry_after=wait, code="too_many_corrections")
    code, expires = ids.new_code(), RealTime(now + corrections.LIFE)
    kept = code_hash(code, supporter, hashed, mail_sender.email_key)
    was = hash_of(profile.email, mail_sender.email_key)
    corrections.put(mail_sender.table, Correction(supporter, hashed, was, kept, expires))
    _mail(email, code, mail_sender.newsroom.language(profile.language), mail_sender)
    return CorrectionSent(supporter, email, expires)


def code_hash(code: str, supporter: SupporterId, hashed: str, email_key: str, purpose: str = "") -> str:
    """The keyed hash of a code, as it is stored; it differs for every supporter, new address and purpose."""
    named = f"{purpose}:" if purpose else ""
    return ids.keyed_hash(email_key, f"correct:{named}{supporter}:{hashed}:{typed_code.plain_code(code)}")


def _mail(to: EmailAddress, code: str, lang: str, mail_sender: MailSender) -> None:
    mail = CorrectAddress(code=code, days=corrections.LIFE // _DAY)
    composed = mail_sender.compose(mail, lang)
    try:
        mail_sender.send(composed, to=to, message_id=f"correct-address-{ids.new_id()}", kind=mail.kind)
    except MailRefused as error:
        log.info("mail refused", kind=mail.kind, why=error.code)
        raise BadInput("The mail service will not take this address.", code="bad_email", field="email") from None
    except MailUnavailable as error:
        log.warning("mail not sent", kind=mail.kind, trouble=error)
        raise Unavailable("The mail service does not take mails just now. Try again.", code="mail_down") from None
