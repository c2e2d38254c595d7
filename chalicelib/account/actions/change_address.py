"""Change a supporter's address: the one way, for the newsroom's corrections, a supporter's own change, and its undo.

All of it in one transaction under the supporter's version: profile, look-ups, the end of sessions, a line of history,
and, where the former address is told, the mail and what its undo link puts back. A supporter who has the new address
and nothing else is joined: notifications about them go to this supporter from then on (`State.moved_to`), as an event
that located them a moment ago would otherwise be booked for nobody.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from chalicelib.account.actions.address_owner import OtherOwner, free_owner, hash_of
from chalicelib.account.rows import corrections
from chalicelib.account.rows.corrections import Correction
from chalicelib.kernel import email_address, ids, keys
from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.errors import Conflict, Gone, Unauthorized
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.kernel.table import (
    EXISTING,
    Change,
    Condition,
    Contended,
    Delete,
    Key,
    Put,
    Table,
    Update,
    compare_and_swap,
)
from chalicelib.mail.rows import outbox
from chalicelib.mail.rules.mails import MailToSend
from chalicelib.supporters.rows import history, sessions, supporters
from chalicelib.supporters.rules.state import Profile, State
from chalicelib.undo.rows import undos
from chalicelib.undo.rows.undos import Undo

KIND = "address"  # of its undo
Answer = TypeVar("Answer")
UNDONE_FOR = 72 * 3600  # seconds in which the former address can undo it


@dataclass(frozen=True, kw_only=True)
class NewAddress:
    """A change of address that somebody proved.

    `asked`: with the address that it was asked for; any other one now, or its code used, and it is over. `used_at`:
    real time. `tag`, `by`: for the history. `session`: the name of a session that goes on while all others end.
    `undoable`: the former address is told, with a link that undoes it.
    """

    supporter: SupporterId
    email: EmailAddress
    asked: Correction
    used_at: RealTime
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

    def plan() -> tuple[Sequence[Change], Corrected]:
        profile = supporters.read_profile(table, wanted.supporter)
        state = supporters.read_state(table, wanted.supporter)
        if profile is None or hash_of(profile.email, email_key) != wanted.asked.was:
            raise over()
        if not corrections.waits(table, wanted.asked, wanted.used_at):
            raise over()  # another call used this code
        if wanted.session and _ended(table, wanted.session, state):
            raise Unauthorized("Please sign in first.", code="not_signed_in")
        other = free_owner(table, wanted.email, wanted.supporter, email_key)
        notice = _notice(wanted, profile, state, email_key, now) if wanted.undoable and profile.email else _Notice()
        changes = [
            corrections.use(wanted.asked, wanted.used_at),
            *(_session_kept(wanted.session, state) if wanted.session else []),
            *moved_address(table, state, profile, wanted.email, other, email_key, now),
            _history(wanted, other, email_key, now),
            *notice.changes,
        ]
        return changes, Corrected(wanted.supporter, wanted.email, other.id if other else None, notice.mails)

    return swapped(table, plan)


def swapped(table: Table, plan: Callable[[], tuple[Sequence[Change], Answer]]) -> Answer:
    """Read, decide and write, again while others write first (`compare_and_swap`), with words for a person.

    :raises Conflict: `busy`: others kept changing one of those concerned; nothing was done.
    """
    try:
        return compare_and_swap(table, plan)
    except Contended:
        raise busy() from None


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


def _notice(wanted: NewAddress, profile: Profile, state: State, email_key: str, now: BusinessTime) -> _Notice:
    facts = {"was": profile.email, "epoch": state.epoch + 1}
    undo = Undo(wanted.supporter, ids.new_id(), KIND, BusinessTime(now + UNDONE_FOR), facts)
    mail = MailToSend(f"{undo.id}:changed", "address_changed", {"undo": undo.id})
    put = outbox.put_former(mail, wanted.supporter, profile.email, profile.language, now)
    return _Notice((undos.put(undo, hash_of(profile.email, email_key)), put), (mail.id,))


def _session_kept(name: str, state: State) -> list[Change]:
    """The change that lets one session go on in the new epoch."""
    same = Condition("epoch", "=", state.epoch)
    return [Update(keys.session(name), set={"epoch": state.epoch + 1}, only_if=(*EXISTING, same))]


def _ended(table: Table, name: str, state: State) -> bool:
    """Whether the session that is to go on has ended."""
    session = sessions.find_any(table, name)
    return session is None or session.epoch != state.epoch


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
    hashes = {"was": wanted.asked.was or None, "is": hash_of(wanted.email, email_key)}
    joined = other.id if other else None
    return history.line(wanted.supporter, now, [wanted.tag], **hashes, by=wanted.by, joined=joined)
