"""Change a supporter's address: the one way, for the newsroom's corrections, a supporter's own change, and its undo.

All of it in one transaction under the supporter's version: profile, look-ups, the end of sessions, a line of history,
and, where the former address is told, the mail and what its undo link puts back. A supporter who has the new address
and nothing else is joined: notifications about them go to this supporter from then on (`State.moved_to`), as an event
that located them a moment ago would otherwise be booked for nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chalicelib.account.actions.address_owner import OtherOwner, free_owner, hash_of
from chalicelib.kernel import email_address, ids, keys
from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.errors import Conflict, Gone, Unauthorized
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import EXISTING, Change, Condition, Delete, Key, Put, Table, TransactionLost, Update
from chalicelib.mail.rows import outbox
from chalicelib.mail.rules.mails import MailToSend
from chalicelib.supporters.rows import history, sessions, supporters
from chalicelib.supporters.rules.state import Profile, State
from chalicelib.undo.rows import undos
from chalicelib.undo.rows.undos import Undo

MOST_TRIES = 20
KIND = "address"  # of its undo
UNDONE_FOR = 72 * 3600  # seconds in which the former address can undo it


@dataclass(frozen=True, kw_only=True)
class NewAddress:
    """A change of address that somebody proved.

    `was`: the keyed hash of the address that it was asked for; anything else now, and it is over. `used`: the change
    that uses up its code. `tag`, `by`: for the history. `session`: the name of a session that goes on while all
    others end. `undoable`: the former address is told, with a link that undoes it.
    """

    supporter: SupporterId
    email: EmailAddress
    was: str
    used: Change
    tag: str
    by: str
    session: str = ""
    undoable: bool = False


@dataclass(frozen=True)
class Corrected:
    """A change that was made: `email` is `supporter`'s now; `joined`: who had it before and nothing else.

    `mails`: the ids of the mails that it put in the outbox.
    """

    supporter: SupporterId
    email: EmailAddress
    joined: SupporterId | None = None
    mails: tuple[str, ...] = ()


def change_address(table: Table, wanted: NewAddress, *, email_key: str, now: BusinessTime) -> Corrected:
    """Make this address the supporter's.

    :raises Gone: `code_expired`: its code was used meanwhile, or their address changed since.
    :raises Unauthorized: `not_signed_in`: the session that was to go on has ended.
    :raises Conflict: `address_in_use`; `busy`: others kept changing this supporter; nothing was done.
    """
    for _ in range(MOST_TRIES):
        profile, state = (
            supporters.read_profile(table, wanted.supporter),
            supporters.read_state(table, wanted.supporter),
        )
        if profile is None or hash_of(profile.email, email_key) != wanted.was:
            raise over()
        other = free_owner(table, wanted.email, wanted.supporter, email_key)
        notice = _notice(wanted, profile, state, now) if wanted.undoable and profile.email else _Notice()
        kept = _session_kept(wanted.session, state) if wanted.session else []
        changes = [
            wanted.used,
            *kept,
            *moved_address(table, state, profile, wanted.email, other, email_key, now),
            _history(wanted, other, email_key, now),
            *notice.changes,
        ]
        try:
            table.transact(changes)
        except TransactionLost as lost:
            if 0 in lost.failed:  # another call used this code
                raise over() from None
            if kept and 1 in lost.failed and _ended(table, wanted):
                raise Unauthorized("Please sign in first.", code="not_signed_in") from None
            continue
        return Corrected(wanted.supporter, wanted.email, other.id if other else None, notice.mails)
    raise busy()


def moved_address(
    table: Table,
    state: State,
    profile: Profile,
    email: EmailAddress,
    other: OtherOwner | None,
    email_key: str,
    now: BusinessTime,
) -> list[Change]:
    """The changes that give a supporter another address, and end all of their sessions.

    What is there is read, and each change is held to that. `other`: who has it now, and is joined.
    """
    return [
        _profile(state.id, profile, email, now),
        supporters.save_state(replace(state, epoch=state.epoch + 1)),
        *_look_ups(table, state.id, profile, email, other, email_key),
        *(_joined(other, state.id, table) if other else ()),
    ]


def over() -> Gone:
    """The refusal of a code that is over, for whatever reason."""
    return Gone(
        "No code waits for these two: never asked for, used, too old, guessed too often, or their address has "
        "changed since. Without --code a new one is mailed.",
        code="code_expired",
    )


def busy() -> Conflict:
    """The refusal where others kept changing the same supporter; nothing was done."""
    return Conflict("Others are at this supporter just now. Please try again.", code="busy")


@dataclass(frozen=True)
class _Notice:
    """What tells the former address: the changes, and the mails among them."""

    changes: tuple[Change, ...] = ()
    mails: tuple[str, ...] = ()


def _notice(wanted: NewAddress, profile: Profile, state: State, now: BusinessTime) -> _Notice:
    facts = {"was": profile.email, "epoch": state.epoch + 1}
    undo = Undo(wanted.supporter, ids.new_id(), KIND, BusinessTime(now + UNDONE_FOR), facts)
    mail = MailToSend(f"{undo.id}:changed", "address_changed", {"undo": undo.id})
    put = outbox.put_former(mail, wanted.supporter, profile.email, profile.language, now)
    return _Notice((undos.put(undo), put), (mail.id,))


def _session_kept(name: str, state: State) -> list[Change]:
    """The change that lets one session go on in the new epoch."""
    same = Condition("epoch", "=", state.epoch)
    return [Update(keys.session(name), set={"epoch": state.epoch + 1}, only_if=(*EXISTING, same))]


def _ended(table: Table, wanted: NewAddress) -> bool:
    """Whether the session that was to go on has ended, and was not only written to at the same moment."""
    session = sessions.find_any(table, wanted.session)
    return session is None or session.epoch != supporters.read_state(table, wanted.supporter).epoch


def _profile(supporter: SupporterId, profile: Profile, email: EmailAddress, now: BusinessTime) -> Update:
    unchanged = Condition("email", "=", profile.email)
    return Update(keys.profile(supporter), set={"email": email, "proven_at": now}, only_if=(*EXISTING, unchanged))


def _look_ups(
    table: Table,
    supporter: SupporterId,
    profile: Profile,
    email: EmailAddress,
    other: OtherOwner | None,
    email_key: str,
) -> list[Change]:
    """One look-up for the new address; those of the old one, and of an older form of the new one, are taken away."""
    changes: dict[Key, Change] = {}
    theirs = {supporter, other.id if other else supporter}
    for form in (profile.email, email_address.older_form(email)):
        key = keys.email(supporters.email_hash(form, email_key)) if form and form != email else None
        item = table.get(key) if key else None
        if key and item and item["supporter"] in theirs:
            changes[key] = Delete(key, (Condition("supporter", "=", item["supporter"]),))
    key = keys.email(supporters.email_hash(email, email_key))
    item = table.get(key)
    if item is None:
        changes[key] = supporters.look_up(email, supporter, email_key)
    else:
        unchanged = (Condition("supporter", "=", other.id if other else supporter),)
        changes[key] = Update(key, set={"supporter": supporter}, only_if=unchanged)
    return list(changes.values())


def _joined(other: OtherOwner, supporter: SupporterId, table: Table) -> Sequence[Change]:
    """The changes that join an empty account: its profile is deleted; its state stays, and names the supporter.

    The state is written under its version, so that a booking that located them a moment ago fails, and looks again.
    """
    profile = supporters.read_profile(table, other.id)
    moved = supporters.save_state(replace(other.state, epoch=other.state.epoch + 1, moved_to=supporter))
    if profile is None:
        return [moved]
    return [moved, Delete(keys.profile(other.id), (Condition("email", "=", profile.email),))]


def _history(wanted: NewAddress, other: OtherOwner | None, email_key: str, now: BusinessTime) -> Put:
    hashes = {"was": wanted.was or None, "is": hash_of(wanted.email, email_key)}
    joined = other.id if other else None
    return history.line(wanted.supporter, now, [wanted.tag], **hashes, by=wanted.by, joined=joined)
