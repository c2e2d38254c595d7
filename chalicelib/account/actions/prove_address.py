"""A code to a new address that its owner enters where they asked: for a supporter's own change, and for a claim.

What happens until the code comes back does not depend on whether anybody has the address: nobody learns that who does
not read its mail.
"""

import hmac
from dataclasses import dataclass
from typing import Literal

from chalicelib.account.actions.ask_correction import code_hash
from chalicelib.account.actions.correct_address import wrong
from chalicelib.account.rows import corrections
from chalicelib.account.rows.corrections import Correction
from chalicelib.kernel import ids
from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.errors import BadInput, Gone
from chalicelib.kernel.moments import RealTime
from chalicelib.kernel.table import Table
from chalicelib.mail.actions.budget import MailRequester
from chalicelib.mail.actions.send import MailSender
from chalicelib.mail.rules.address_mails import ProveAddress
from chalicelib.observing.log import log
from chalicelib.signing_in.actions.code_mail import admitted, mail_code
from chalicelib.signing_in.rules import typed_code
from chalicelib.supporters.rows import supporters
from chalicelib.supporters.rules.state import Profile, State


@dataclass(frozen=True)
class WhoAsks:
    """The caller's network address, and the fingerprint of a browser in which anybody signed in before."""

    client: str
    known: str | None = None


def ask_proof(
    state: State,
    profile: Profile,
    email: EmailAddress,
    who: WhoAsks,
    mail_sender: MailSender,
    *,
    purpose: str,
    now: RealTime,
) -> None:
    """Mail a code to the new address; the supporter's own state and profile were just read.

    Nothing is mailed to an address that is suppressed, or whose budget is used up; the answer is the same.

    :param purpose: `OWN`, or the id of the checkout whose gift is claimed.
    :raises RateLimited: `sign_ins`.
    :raises BadInput: `bad_email`: the mail service will never take mail to it.
    :raises MailUnavailable: nothing was mailed, and nothing has changed.
    """
    key = mail_sender.email_key
    asker = MailRequester(email, who.client, who.known)
    known = admitted(asker, mail_sender, now)
    hashed, was = supporters.email_hash(email, key), supporters.email_hash(profile.email, key)
    code = ids.new_code()
    kept = code_hash(code, state.id, hashed, key, purpose)
    expires = RealTime(now + corrections.LIFE_HERE)
    corrections.put(mail_sender.table, Correction(state.id, hashed, was, kept, expires, purpose, email, state.epoch))
    mail = ProveAddress(code, corrections.LIFE_HERE // 60, gift=purpose != corrections.OWN)
    lang = mail_sender.newsroom.language(profile.language)
    mailed = mail_code(asker, known, mail, lang, mail_sender, now=now)
    log.info("address to prove", mail=mailed)
    if mailed == "refused":
        raise BadInput("The mail service will not take this address.", code="bad_email", field="email")


def waiting(table: Table, state: State, purpose: str, now: RealTime) -> Correction | None:
    """The newest change of a supporter that waits for its code, and can still be confirmed."""
    found = [one for one in _all(table, state, purpose) if one.used is None and one.expires > now]
    return found[0] if found else None


def proof_of(table: Table, state: State, purpose: str, typed: str, email_key: str, now: RealTime) -> Correction:
    """The change that this code proves: one that waits, or one that was made already and whose answer was lost.

    A guess is counted before it is compared; what is no code costs none.

    :raises BadInput: `wrong_code`.
    :raises Gone: `code_expired`: none waits.
    """
    code = typed_code.plain_code(typed)
    if code is None:
        raise wrong()
    guesses: set[Literal["wrong", "over"]] = set()
    for asked in _all(table, state, purpose):
        same = hmac.compare_digest(asked.code, code_hash(code, state.id, asked.hashed, email_key, purpose))
        if asked.used is not None:
            if same and asked.expires > now:
                return asked
            continue
        if corrections.count_guess(table, state.id, asked.hashed, now, purpose) is None:
            guesses.add("over")
        elif same:
            return asked
        else:
            guesses.add("wrong")
    raise wrong() if "wrong" in guesses else _over()


def _all(table: Table, state: State, purpose: str) -> list[Correction]:
    """The supporter's changes of this purpose, newest first; signing out everywhere has ended those from before.

    One that was made has raised the epoch itself.
    """
    found = corrections.every_one(table, state.id, purpose)
    live = [one for one in found if one.epoch == state.epoch or one.used is not None]
    return sorted(live, key=lambda one: -one.expires)


def _over() -> Gone:
    return Gone("This code or link no longer works. Please ask for a new one.", code="code_expired")
