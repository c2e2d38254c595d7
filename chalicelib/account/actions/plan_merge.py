"""What a merge of two records would do, before anybody does it: who they are, what is open before and after."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.account.actions.address_owner import hash_of
from chalicelib.account.actions.find_supporter import whom
from chalicelib.account.actions.merge_records import TAG, check_kinds, refused, rows_of
from chalicelib.account.rows import moving
from chalicelib.kernel import email_address
from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.errors import Conflict, NotFound
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime, rfc3339
from chalicelib.kernel.table import Table
from chalicelib.newsroom.rules import Newsroom
from chalicelib.supporters.rows import erasures, history, supporters
from chalicelib.supporters.rules.access import ENDED, Entitlement, entitled
from chalicelib.supporters.rules.merging import merged
from chalicelib.undo.rows import undos

_ABOUT_ADDRESSES = ("address", "claim")  # kinds of undo after which a record may be somebody else's


@dataclass(frozen=True)
class Record:
    """One of the two, as it stands: what is open now, how many of its recurring gifts run, its rows by kind."""

    id: SupporterId
    email: EmailAddress
    access: Entitlement
    running: int
    rows: Mapping[str, int]


@dataclass(frozen=True)
class MergePlan:
    """What a merge would do. `after`: what is open then. `goes_on`: it was begun before, and a crash cut it off."""

    source: Record
    into: Record
    after: Entitlement
    goes_on: bool = False


def plan_merge(
    table: Table, source: str, into: str, newsroom: Newsroom, *, email_key: str, now: BusinessTime
) -> MergePlan:
    """The plan of a merge of the supporters that an operator names, by address or identifier; nothing is changed.

    :raises NotFound: `unknown_supporter`.
    :raises BadInput: `bad_email`.
    :raises Conflict: `merge_refused`: why it cannot be done now.
    """
    owner, _ = whom(table, into, email_key)
    other, goes_on = _source(table, source, owner, email_key)
    if other == owner:
        raise refused("Both are the same supporter.")
    for which in (other, owner):
        _refuse_open_undo(table, which, now)
        if erasures.read(table, which):
            raise refused(f"{which} asked to be erased. Who signs in takes that back.")
    check_kinds(table, other)
    one, two = (_record(table, which, newsroom, now) for which in (other, owner))
    standings = [supporters.read_state(table, which).standing for which in (owner, other)]
    return MergePlan(one, two, entitled(merged(*standings), newsroom, now), goes_on)


def _source(table: Table, named: str, owner: SupporterId, email_key: str) -> tuple[SupporterId, bool]:
    """The record that is to be merged; one whose merge was begun has no address any more, but the other's history."""
    try:
        return whom(table, named, email_key)[0], False
    except NotFound:
        hashed = hash_of(email_address.read(named), email_key) if "@" in named else ""
        for line in history.lines(table, owner):
            if TAG in line["tags"] and (line["joined"] == named.strip() or (hashed and line.get("was") == hashed)):
                return SupporterId(str(line["joined"])), True
        raise


def _refuse_open_undo(table: Table, supporter: SupporterId, now: BusinessTime) -> None:
    """A record whose address was changed lately may be somebody else's, who can still take it back."""
    found = (one for kind in _ABOUT_ADDRESSES for one in undos.of_kind(table, supporter, kind))
    until = max((one.until for one in found if not one.done and one.until > now), default=None)
    if until is not None:
        raise _may_go_back(supporter, until)


def _may_go_back(supporter: SupporterId, until: BusinessTime) -> Conflict:
    return refused(f"An address of {supporter} was changed lately, and can be put back until {rfc3339(until)}.")


def _record(table: Table, supporter: SupporterId, newsroom: Newsroom, now: BusinessTime) -> Record:
    state, profile = supporters.read_state(table, supporter), supporters.read_profile(table, supporter)
    rows = Counter(moving.kind_of(item) for item in rows_of(table, supporter))
    running = sum(gift.status not in ENDED for gift in state.standing.recurring)
    email = profile.email if profile else email_address.NONE
    return Record(supporter, email, entitled(state.standing, newsroom, now), running, rows)
