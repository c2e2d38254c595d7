"""Whose support a statement is about: by the reference of a receipt, or by the address that was typed.

A reference that does not fit is a guess. So many are looked at, counted before anything is compared, and after that
none, whatever it is: the statement then goes the way of one without a reference.
"""

from dataclasses import dataclass

from chalicelib.kernel import email_address, rate_limits
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import RealTime
from chalicelib.kernel.table import Table
from chalicelib.leaving.rules.statements import DAY, LeavingStatement
from chalicelib.ledger.rows import receipts
from chalicelib.ledger.rules import receipt_reference
from chalicelib.supporters.rows import supporters

MISSES_AN_ADDRESS, MISSES_A_CLIENT = 5, 20  # a day


@dataclass(frozen=True)
class Whose:
    """The supporter whom a statement may be about. `gift`: the payment that its reference names, if it is theirs.

    `proven`: reference and address belong together, so that nobody need be asked.
    """

    supporter: SupporterId | None = None
    gift: str = ""
    proven: bool = False


def whose(statement: LeavingStatement, table: Table, *, email_key: str, real_now: RealTime) -> Whose:
    """Find out whose support it is about, and count a reference that does not fit."""
    typed = supporters.find_by_email(table, statement.email, email_key)
    owner = supporters.who_now(table, typed) if typed else None
    if not statement.gift:
        return Whose(owner)
    address = supporters.email_hash(statement.email, email_key)[:32]
    budgets = (
        ("statement_misses", address, MISSES_AN_ADDRESS),
        ("statement_misses_by", statement.client, MISSES_A_CLIENT),
    )
    taken = [rate_limits.take(table, scope, who, most, DAY, real_now) == 0 for scope, who, most in budgets]
    if not all(taken):
        _put_back([one for one, mine in zip(budgets, taken, strict=True) if mine], table, real_now)
        return Whose(owner)
    named = _named(statement.gift, table, email_key)
    if named is None:
        return Whose(owner)
    if _is_address_of(named.supporter, statement, table):
        _put_back(list(budgets), table, real_now)
        return Whose(named.supporter, named.gift, proven=True)
    # A reference of ours with another address: whoever wrote it has the receipt; the gift's own address decides.
    return Whose(named.supporter, named.gift)


def _named(typed: str, table: Table, key: str) -> Whose | None:
    """The gift that a reference names; None if it is no reference of ours."""
    number = receipt_reference.read(typed, key)
    receipt = receipts.read(table, number) if number else None
    return Whose(supporters.who_now(table, receipt.supporter), receipt.gift) if receipt else None


def _is_address_of(supporter: SupporterId | None, statement: LeavingStatement, table: Table) -> bool:
    profile = supporters.read_profile(table, supporter) if supporter else None
    return profile is not None and email_address.usable(profile.email) == statement.email


def _put_back(budgets: list[tuple[str, str, int]], table: Table, now: RealTime) -> None:
    for scope, who, _ in budgets:
        rate_limits.put_back(table, scope, who, DAY, now)
