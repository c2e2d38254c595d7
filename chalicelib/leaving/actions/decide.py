"""Decide a statement that waits: by the link that went to the gift's own address, or by a person at the newsroom."""

from dataclasses import dataclass, replace

from chalicelib.kernel.errors import Conflict, NotFound
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import Change, Table, compare_and_swap
from chalicelib.leaving.actions.follow import settled_mail
from chalicelib.leaving.rows import statements
from chalicelib.leaving.rules.statements import OPEN, LeavingStatement, Status
from chalicelib.mail.rows import outbox


def confirm(table: Table, statement_id: str, *, by: str, target: str, now: BusinessTime) -> LeavingStatement:
    """Have a statement carried out that waits, or that was not taken up yet; answers it as it stands then.

    One that is carried out already, or is being carried out, stays as it is.

    :param by: `link`, or who agreed.
    :param target: the only gift that is meant, of several; empty: what the statement says.
    :raises NotFound: `unknown_statement`.
    :raises Contended: nothing was done.
    """

    def plan() -> tuple[list[Change], LeavingStatement]:
        statement = _read(table, statement_id)
        if statement.status not in ("received", "waiting"):
            return [], statement
        after = replace(
            statement, status="acting", by=by, target=target or statement.target, outcome="", deadline=None
        )
        return statements.moved(statement, after, now), after

    return compare_and_swap(table, plan)


def meant_for(table: Table, statement_id: str, supporter: SupporterId, *, now: BusinessTime) -> LeavingStatement:
    """Say whose support a statement is about, where nobody was found by itself."""

    def plan() -> tuple[list[Change], LeavingStatement]:
        statement = _read(table, statement_id)
        if statement.supporter == supporter:
            return [], statement
        after = replace(statement, supporter=supporter)
        return statements.moved(statement, after, now), after

    return compare_and_swap(table, plan)


@dataclass(frozen=True)
class ClosingDecision:
    """A person closes a statement without carrying it out: `refused`, or `closed` as settled in another way.

    `by` whom, and a `note` why, in words for whoever declared it. `tell`: it is mailed to them.
    """

    outcome: str
    by: str
    note: str
    tell: bool


def settle(table: Table, statement_id: str, decision: ClosingDecision, *, now: BusinessTime) -> LeavingStatement:
    """Close a statement; the mail goes to the gift's own address where one is known, else to the typed one.

    :raises NotFound: `unknown_statement`.
    :raises Conflict: `statement_settled`: it is carried out, or closed already.
    """
    closed: Status = "closed"

    def plan() -> tuple[list[Change], LeavingStatement]:
        statement = _read(table, statement_id)
        if statement.status not in OPEN:
            raise Conflict("This statement is settled already.", code="statement_settled")
        after = replace(
            statement, status=closed, outcome=decision.outcome, by=decision.by, note=decision.note, deadline=None
        )
        changes: list[Change] = statements.moved(statement, after, now)
        if decision.tell:
            mail = settled_mail(after, decision.outcome, decision.note)
            if after.supporter is not None:
                changes.append(outbox.put(mail, after.supporter, now))
            else:
                changes.append(outbox.put_to(mail, after.email, after.language, now))
        return changes, after

    return compare_and_swap(table, plan)


def mail_of(statement: LeavingStatement) -> str:
    """The id of the mail that says what became of a statement."""
    return settled_mail(statement, statement.outcome).id


def _read(table: Table, statement_id: str) -> LeavingStatement:
    statement = statements.read(table, statement_id)
    if statement is None:
        raise NotFound("There is no such statement, or none any more.", code="unknown_statement")
    return statement
