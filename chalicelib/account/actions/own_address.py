"""A supporter changes their own address: a code goes to the new one, and the change happens when it comes back.

Until then nothing has changed: a mistyped address, one whose mail comes back, or a code that nobody enters leaves all
as it was. The former address is told, and can undo it for three days. All other devices are signed out.
"""

from chalicelib.account.actions.address_owner import hash_of
from chalicelib.account.actions.change_address import Corrected, NewAddress, change_address
from chalicelib.account.actions.prove_address import WhoAsks, ask_proof, proof_of
from chalicelib.account.rows import corrections
from chalicelib.kernel.client_limits import check_rate
from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.errors import Conflict, Gone, Unauthorized
from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.kernel.table import Table
from chalicelib.mail.actions.send import MailSender
from chalicelib.observing.log import log
from chalicelib.signing_in.actions.step_up import require_recent
from chalicelib.supporters.actions.sessions import OpenSession
from chalicelib.supporters.rows import supporters
from chalicelib.supporters.rules.state import Profile

TAG = "supporter:address:changed"
_ASKED = 10  # of one supporter in ten minutes, to whatever addresses


def ask_change(
    signed_in: OpenSession, email: EmailAddress, who: WhoAsks, mail_sender: MailSender, *, now: RealTime
) -> None:
    """Mail a code to the new address.

    :raises Forbidden: `sign_in_again`.
    :raises Conflict: `same_address`: it is theirs already.
    :raises RateLimited: `sign_ins` by client, `address_changes` by supporter.
    :raises BadInput, MailUnavailable: see `ask_proof`.
    """
    require_recent(signed_in, now)
    profile = profile_of(mail_sender.table, signed_in)
    if email == profile.email:
        raise Conflict("This is your address already.", code="same_address")
    key = mail_sender.email_key
    check_rate(mail_sender.table, "address_changes", signed_in.supporter, limit=_ASKED, key=key, now=now)
    ask_proof(signed_in.state, profile, email, who, mail_sender, purpose=corrections.OWN, now=now)


def confirm_change(
    signed_in: OpenSession,
    session: str,
    typed: str,
    mail_sender: MailSender,
    *,
    now: BusinessTime,
    real_now: RealTime,
) -> EmailAddress:
    """Make the address whose code this is the supporter's; twice is the same as once. Answers the address.

    :param session: the name of the session that goes on.
    :raises BadInput: `wrong_code`.
    :raises Gone: `code_expired`.
    :raises Conflict: `address_in_use`: another supporter has it, and gave something; `busy`.
    """
    table, key = mail_sender.table, mail_sender.email_key
    profile = profile_of(table, signed_in)
    asked = proof_of(table, signed_in.state, corrections.OWN, typed, key, real_now)
    if asked.used is not None and asked.hashed == hash_of(profile.email, key):
        return profile.email
    wanted = NewAddress(
        supporter=signed_in.supporter,
        email=asked.email,
        asked=asked,
        used_at=real_now,
        tag=TAG,
        by="self",
        session=session,
        undoable=True,
    )
    try:
        done: Corrected = change_address(table, wanted, email_key=key, now=now)
    except Gone:
        if profile_of(table, signed_in).email == asked.email:
            return asked.email  # the same code, entered twice at the same moment
        raise
    log.info("address changed")
    mail_sender.deliver(done.mails, now)
    return done.email


def profile_of(table: Table, signed_in: OpenSession) -> Profile:
    """The profile of who is signed in.

    :raises Unauthorized: `not_signed_in`: there is no such supporter any more.
    """
    profile = supporters.read_profile(table, signed_in.supporter)
    if profile is None:
        raise Unauthorized("Please sign in first.", code="not_signed_in")
    return profile
