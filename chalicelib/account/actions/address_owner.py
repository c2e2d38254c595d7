"""Who has an address beside the supporter who wants it, and whether anything stands under it."""

from dataclasses import dataclass

from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.table import Table
from chalicelib.ledger.rows import entries as ledger
from chalicelib.supporters.rows import supporters
from chalicelib.supporters.rules.state import State


@dataclass(frozen=True)
class OtherOwner:
    """Another supporter who has the address, with their state; `empty`: they never gave nor were given anything."""

    id: SupporterId
    state: State
    empty: bool


def other_owner(
    table: Table, email: EmailAddress, supporter: SupporterId | None, email_key: str
) -> OtherOwner | None:
    """The supporter who has this address, unless it is nobody or `supporter` themselves."""
    other = supporters.find_by_email(table, email, email_key)
    if other is None or other == supporter:
        return None
    state = supporters.read_state(table, other)
    held = state.standing.grants or state.standing.recurring or state.standing.reversals or state.customers
    return OtherOwner(other, state, not held and next(iter(ledger.entries_of(table, other)), None) is None)


def free_owner(table: Table, email: EmailAddress, supporter: SupporterId | None, email_key: str) -> OtherOwner | None:
    """Another supporter who has this address but nothing else; None when nobody else has it.

    :raises Conflict: `address_in_use`: they gave or were given something.
    """
    other = other_owner(table, email, supporter, email_key)
    if other and not other.empty:
        raise in_use()
    return other


def in_use() -> Conflict:
    """The refusal of an address under which another supporter gave something."""
    return Conflict(
        "Another supporter has this address, and gave or was given something. If both are one person, the newsroom "
        "can join the two (`ops supporter merge`).",
        code="address_in_use",
    )


def hash_of(email: EmailAddress, email_key: str) -> str:
    """The keyed hash of an address, as it is stored; empty for none."""
    return supporters.email_hash(email, email_key) if email else ""
