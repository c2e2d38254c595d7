"""Undo a change of address, by the link that the former address got: it is the supporter's again.

Everybody is signed out, and a request to be erased that was made meanwhile is withdrawn. Whoever has the new address
may have changed it once more, and would get an undo link of their own: with a change all later ones can be undone no
longer, or they would take the account back. The former address works again even if its reader has a new record by
now, because they signed in or gave with it meanwhile: both are theirs, and become one.
"""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.account.actions.address_owner import OtherOwner, hash_of, in_use, other_owner
from chalicelib.account.actions.change_address import KIND, moved_address, swapped
from chalicelib.account.actions.merge_records import finish, merge_records
from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import Change, Condition, Table, TransactionLost, Update, written
from chalicelib.mail.rows import outbox
from chalicelib.mail.rules.mails import MailToSend
from chalicelib.observing.log import log
from chalicelib.signing_in.actions.call_off import calling_off
from chalicelib.supporters.rows import history, supporters
from chalicelib.supporters.rules.state import Profile
from chalicelib.undo.actions.undo import over
from chalicelib.undo.rows import undos
from chalicelib.undo.rows.undos import Undo
from chalicelib.wiring import Wiring

TAG = "supporter:address:restored"


def undo(wiring: Wiring, change: Undo) -> None:
    """Put the former address back, and sign everybody out.

    :raises Gone: `undo_over`: there is no such supporter any more.
    :raises Conflict: `address_in_use`: the address has another supporter's record that may itself be given back;
        `busy`. Nothing was done, and the link works on.
    """
    table, key, now = wiring.table, wiring.secrets["SPILNO_EMAIL_KEY"], wiring.now()
    was, supporter = EmailAddress(str(change.facts["was"])), change.supporter
    finish(table, supporter)  # of a press before, which was cut off

    def plan() -> tuple[Sequence[Change], str]:
        found = undos.read(table, change.id)
        if found is None or found.done:
            return [], ""
        profile, state = supporters.read_profile(table, supporter), supporters.read_state(table, supporter)
        if profile is None:  # erased, or joined to somebody else, whose address is not theirs to undo
            raise over()
        other = other_owner(table, was, supporter, key)
        if other is not None and not other.empty:
            _merge(wiring, other, supporter, now)
            raise TransactionLost([])  # to be read anew
        mail = MailToSend(f"{change.id}:restored", "address_restored", {})
        changes = [
            _marked(found),
            *moved_address(table, state, profile, was, other, key, now),
            *_later_ones(table, supporter, found, now),
            *calling_off(table, supporter, now, undone=True),
            *_letter(mail, supporter, profile, was, now),
            history.line(
                supporter,
                now,
                [TAG],
                was=hash_of(profile.email, key) or None,
                **{"is": hash_of(was, key)},
                by="undo",
                joined=other.id if other else None,
            ),
        ]
        return changes, mail.id

    if mail := swapped(table, plan):
        log.info("address restored")
        wiring.mail_sender.deliver([mail], now)


def open_undos(table: Table, supporter: SupporterId, now: BusinessTime) -> list[Undo]:
    """The changes of a supporter's address that can still be undone."""
    return [one for one in undos.of_kind(table, supporter, KIND) if not one.done and one.until > now]


def _merge(wiring: Wiring, other: OtherOwner, supporter: SupporterId, now: BusinessTime) -> None:
    if open_undos(wiring.table, other.id, now):
        raise in_use()  # that record may be taken from somebody, who has their own link: it is left alone
    key = wiring.secrets["SPILNO_EMAIL_KEY"]
    for one in (other.id, supporter):  # whoever takes an account back does not want it erased
        if asked := calling_off(wiring.table, one, now, undone=one == supporter):
            written(wiring.table, *asked)
    try:
        merge_records(wiring.table, other.id, supporter, email_key=key, by="undo", now=now, by_mail=False)
    except Conflict as conflict:
        if conflict.code == "merge_refused":  # rows that only a person can judge
            raise in_use() from None
        raise


def _marked(found: Undo) -> Update:
    """The mark that it is undone, which only one of two presses makes."""
    return replace(undos.done(found), only_if=(Condition("done", "absent"), Condition("kind", "=", KIND)))


def _later_ones(table: Table, supporter: SupporterId, undone: Undo, now: BusinessTime) -> list[Change]:
    """The changes that end the undo links of every later change of the address."""
    since = int(undone.facts["epoch"])
    later = [one for one in open_undos(table, supporter, now) if int(one.facts["epoch"]) > since]
    return [undos.done(one) for one in later if one.id != undone.id]


def _letter(
    mail: MailToSend, supporter: SupporterId, profile: Profile, was: EmailAddress, now: BusinessTime
) -> list[Change]:
    if not profile.email or profile.email == was:
        return []
    return [outbox.put_former(mail, supporter, profile.email, profile.language, now)]
