"""What follows from a statement, in the sweep: carried out, asked about by mail, or left to a person.

    received   reference and address fit, a cancellation -> carried out
               it may be somebody's                      -> a link to their own address, and it waits
               nobody is known                           -> it waits
    acting     confirmed by the link, or a person agreed -> carried out

A statement is taken by one sweep at a time, and taken again if that one dies. Everything here may be repeated.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from chalicelib.kernel import rate_limits
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.kernel.outages import Outage
from chalicelib.kernel.table import Change, Table, TableUnavailable, written
from chalicelib.leaving.actions.carry_out import carry_out, plan_for
from chalicelib.leaving.actions.whose import whose
from chalicelib.leaving.rows import statements
from chalicelib.leaving.rules.statements import DAY, SWEPT, LeavingStatement, deadline
from chalicelib.mail.actions.send import MailSender
from chalicelib.mail.rows import outbox
from chalicelib.mail.rules.mails import MailToSend
from chalicelib.mail.rules.statement_mails import StatementSettled, StatementToConfirm
from chalicelib.observing.log import log
from chalicelib.rails.stripe.deps import StripeDeps

LINKS_A_SUPPORTER = 3  # mailed a day
_LATER = DAY  # until a payment that is under way is looked at again


@dataclass(frozen=True)
class Follower:
    """What following a statement needs."""

    deps: StripeDeps
    mail_sender: MailSender
    now: BusinessTime
    real_now: RealTime

    @property
    def table(self) -> Table:
        """The table."""
        return self.deps.table


def follow(statement_id: str, by: Follower) -> Exception | None:
    """Do the next step of a statement; None when that is done, or there was nothing to do.

    Never raises: what fails is noted, and tried again later.
    """
    statement: LeavingStatement | None = None
    try:
        statement = statements.take(by.table, statement_id, by.now)
        if statement is not None:
            _step(statement, by)
    except Exception as error:  # noqa: BLE001 - one statement's error must not stop the others
        log.warning("statement not followed", statement=statement_id, trouble=error)
        if statement is not None:
            _note_failure(statement, error, by)
        return error
    return None


def _step(statement: LeavingStatement, by: Follower) -> None:
    if statement.status == "received":
        found = whose(statement, by.table, email_key=by.deps.email_key, real_now=by.real_now)
        meant = replace(statement, supporter=found.supporter, target=found.gift)
        if not (found.proven and statement.kind == "cancel"):
            _ask(statement, meant, by)
            return
        statement = _moved(statement, replace(meant, status="acting", by="reference"), by)
    act(statement, by)


def act(statement: LeavingStatement, by: Follower) -> LeavingStatement:
    """Carry out a statement that was proven, confirmed or agreed to; answers it as it stands then.

    What it comes to is written down first: if we die in the middle, the next sweep finishes just that.

    :raises Outage, Refused: it is not done, or not wholly; it may be called again.
    """
    if not statement.outcome:
        todo = plan_for(statement, by.table, by.deps.newsroom, by.now)
        statement = _moved(statement, replace(statement, outcome=todo.outcome), by)
    done = carry_out(statement, by.deps, now=by.now, real_now=by.real_now)
    by.mail_sender.deliver(done.mails, by.now)
    if done.under_way:
        return _moved(statement, statement, by, due=by.now + _LATER)
    if done.for_a_person:
        return _moved(statement, _waiting(statement, done.for_a_person), by)
    told = statement.outcome in ("nothing", "stopped_already", "too_late")  # of all else another mail tells
    mail = settled_mail(statement, statement.outcome) if told else None
    return _moved(statement, replace(statement, status="done"), by, mail=mail)


def _waiting(statement: LeavingStatement, outcome: str, payments: Iterable[int | None] = ()) -> LeavingStatement:
    """The statement, left to a person."""
    return replace(statement, status="waiting", outcome=outcome, deadline=deadline(statement, payments))


def _ask(before: LeavingStatement, meant: LeavingStatement, by: Follower) -> None:
    """Mail a link to the gift's own address, if somebody may be meant, and leave the statement to wait."""
    if meant.supporter is None:
        _moved(before, _waiting(meant, "nobody"), by)
        return
    may_mail = _may_ask(meant.supporter, by)
    todo = plan_for(meant, by.table, by.deps.newsroom, by.now)
    if todo.nothing:  # nothing that a link could confirm; they are told so at their own address
        mail = settled_mail(meant, todo.outcome) if may_mail else None
        _moved(before, replace(meant, status="done", outcome=todo.outcome), by, mail=mail)
        return
    payments = [stop.gift.next_payment_at for stop in todo.stops]
    waits = _waiting(meant, "asked" if may_mail else "asked_before", payments)
    _moved(before, waits, by, mail=_link_mail(meant) if may_mail else None)


def _link_mail(statement: LeavingStatement) -> MailToSend:
    values = {"way": statement.kind, "reference": statement.reference, "received_at": statement.received_at}
    name = f"statement-{statement.id}:confirm"
    return MailToSend(name, StatementToConfirm.kind, {**values, "statement": statement.id})


def _may_ask(supporter: SupporterId, by: Follower) -> bool:
    return rate_limits.take(by.table, "statement_links", supporter, LINKS_A_SUPPORTER, DAY, by.real_now) == 0


def settled_mail(statement: LeavingStatement, outcome: str, note: str = "") -> MailToSend:
    """The mail that says what became of a statement."""
    values = {"way": statement.kind, "reference": statement.reference, "received_at": statement.received_at}
    return MailToSend(
        f"statement-{statement.id}:settled", StatementSettled.kind, {**values, "outcome": outcome, "note": note}
    )


def _moved(
    before: LeavingStatement,
    after: LeavingStatement,
    by: Follower,
    *,
    mail: MailToSend | None = None,
    due: int | None = None,
) -> LeavingStatement:
    """Write how a statement stands now, with a mail to its supporter; a change by somebody else meanwhile wins."""
    changes: list[Change] = statements.moved(before, after, by.now, due=due)
    if mail is not None and after.supporter is not None:
        changes.append(outbox.put(mail, after.supporter, by.now))
    if not written(by.table, *changes):
        raise Overtaken
    log.info("statement followed", statement=after.id, status=after.status, outcome=after.outcome or None)
    if mail is not None and after.supporter is not None:
        by.mail_sender.deliver([mail.id], by.now)
    return after


class Overtaken(Outage):
    """Somebody else changed the statement meanwhile: it is looked at again."""


def _note_failure(statement: LeavingStatement, error: Exception, by: Follower) -> None:
    """Try again after a growing pause; leave it to a person once that has lasted long enough."""
    so_far = statement.failures.and_one_more(by.now, outage=isinstance(error, Outage))
    try:
        current = statements.read(by.table, statement.id)
        if current is None or current.tries != statement.tries or current.status not in SWEPT:
            return
        after = replace(current, failures=so_far)
        if so_far.enough(by.now):
            after = _waiting(after, "failed")
        written(by.table, *statements.moved(current, after, by.now, due=by.now + so_far.pause))
    except TableUnavailable:
        log.warning("failed try not noted", statement=statement.id)
