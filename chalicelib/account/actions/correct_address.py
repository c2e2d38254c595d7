"""Put the right address in the place of a mistyped one, once its owner has passed on the code they were mailed.

All of it in one transaction under the supporter's version: profile, look-ups, the end of all sessions, a line of
history. A supporter who has the new address and nothing else is joined: notifications about them go to this supporter
from then on (`State.moved_to`), as an event that located them a moment ago would otherwise be booked for nobody.
"""

import dataclasses
import getpass
import hmac
from dataclasses import dataclass

from chalicelib.account.actions.ask_correction import code_hash, free_owner, hash_of
from chalicelib.account.actions.find_supporter import whom
from chalicelib.account.rows import corrections
from chalicelib.account.rows.corrections import Correction
from chalicelib.kernel import email_address, keys
from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.errors import BadInput, Conflict, Gone
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.kernel.table import EXISTING, Change, Condition, Delete, Key, Put, Table, TransactionLost, Update
from chalicelib.signing_in.rules import typed_code
from chalicelib.supporters.rows import history, supporters
from chalicelib.supporters.rules.state import Profile, State

_MOST_TRIES = 20
TAG = "supporter:address:corrected"


@dataclass(frozen=True)
class Corrected:
    """A correction that was made: `email` is `supporter`'s now; `joined`: who had it before and nothing else."""

    supporter: SupporterId
    email: EmailAddress
    joined: SupporterId | None = None


def correct_address(
    table: Table,
    named: str,
    new: str,
    code: str,
    *,
    email_key: str,
    now: BusinessTime,
    real_now: RealTime,
    by: str | None = None,
) -> Corrected:
    """Make `new` the address of the supporter whom `named` names, by address or identifier.

    :param by: who decided; None: whoever runs the command.
    :raises NotFound: `unknown_supporter`.
    :raises BadInput: `bad_email`, `wrong_code`.
    :raises Gone: `code_expired`: used, too old, guessed too often, never asked for, or their address changed since.
    :raises Conflict: `address_in_use`; `busy`: others kept changing this supporter; nothing was done.
    """
    supporter, _ = whom(table, named, email_key)
    email = email_address.read(new)
    asked = _proven(table, supporter, email, code, email_key, real_now)
    for _ in range(_MOST_TRIES):
        profile, state = supporters.read_profile(table, supporter), supporters.read_state(table, supporter)
        if profile is None or hash_of(profile.email, email_key) != asked.was:
            raise _over()
        other = free_owner(table, email, supporter, email_key)
        changes = [
            corrections.used(asked, real_now),
            _profile(supporter, profile.email, email),
            supporters.save_state(dataclasses.replace(state, epoch=state.epoch + 1)),
            _history(supporter, asked, other[0] if other else None, by or getpass.getuser(), now),
            *_look_ups(table, supporter, profile, email, other, email_key),
            *(_joined(*other, supporter, table) if other else ()),
        ]
        try:
            table.transact(changes)
        except TransactionLost as lost:
            if 0 in lost.failed:  # another call used this code
                raise _over() from None
            continue
        return Corrected(supporter, email, other[0] if other else None)
    raise Conflict("Others are at this supporter just now. Please try again.", code="busy")


def _proven(
    table: Table, supporter: SupporterId, email: EmailAddress, typed: str, email_key: str, real_now: RealTime
) -> Correction:
    """The correction that this code proves. A guess is counted before it is compared; what is no code costs none."""
    hashed, code = supporters.email_hash(email, email_key), typed_code.plain_code(typed)
    if code is None:
        raise _wrong()
    asked = corrections.count_guess(table, supporter, hashed, real_now)
    if asked is None:
        raise _over()
    if not hmac.compare_digest(asked.code, code_hash(code, supporter, hashed, email_key)):
        raise _wrong()
    return asked


def _profile(supporter: SupporterId, was: EmailAddress, email: EmailAddress) -> Update:
    unchanged = Condition("email", "=", was)
    return Update(keys.profile(supporter), set={"email": email}, only_if=(*EXISTING, unchanged))


def _look_ups(
    table: Table,
    supporter: SupporterId,
    profile: Profile,
    email: EmailAddress,
    other: tuple[SupporterId, State] | None,
    email_key: str,
) -> list[Change]:
    """One look-up for the new address; those of the old one, and of an older form of the new one, are taken away.

    What is there is read, and the change is held to that.
    """
    changes: dict[Key, Change] = {}
    theirs = {supporter, other[0] if other else supporter}
    for form in (profile.email, email_address.older_form(email)):
        key = keys.email(supporters.email_hash(form, email_key)) if form else None
        item = table.get(key) if key else None
        if key and item and item["supporter"] in theirs:
            changes[key] = Delete(key, (Condition("supporter", "=", item["supporter"]),))
    key = keys.email(supporters.email_hash(email, email_key))
    item = table.get(key)
    if item is None:
        changes[key] = supporters.look_up(email, supporter, email_key)
    else:
        unchanged = (Condition("supporter", "=", other[0] if other else supporter),)
        changes[key] = Update(key, set={"supporter": supporter}, only_if=unchanged)
    return list(changes.values())


def _joined(other: SupporterId, state: State, supporter: SupporterId, table: Table) -> list[Change]:
    """The changes that join an empty account: its profile is deleted; its state stays, and names the supporter.

    The state is written under its version, so that a booking that located them a moment ago fails, and looks again.
    """
    profile = supporters.read_profile(table, other)
    changes: list[Change] = [
        supporters.save_state(dataclasses.replace(state, epoch=state.epoch + 1, moved_to=supporter))
    ]
    if profile:
        changes.append(Delete(keys.profile(other), (Condition("email", "=", profile.email),)))
    return changes


def _history(supporter: SupporterId, asked: Correction, other: str | None, by: str, now: BusinessTime) -> Put:
    hashes = {"was": asked.was or None, "is": asked.hashed}
    return history.line(supporter, now, [TAG], **hashes, by=by, joined=other)


def _wrong() -> BadInput:
    return BadInput("The code does not match. Please check it.", code="wrong_code", field="code")


def _over() -> Gone:
    return Gone(
        "No code waits for these two: never asked for, used, too old, guessed too often, or their address has "
        "changed since. Without --code a new one is mailed.",
        code="code_expired",
    )
