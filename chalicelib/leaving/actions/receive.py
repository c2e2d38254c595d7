"""Receive a statement: store it with its receipt by mail, and nothing else.

The same happens for every address, in the same time: nobody is looked up here, and no mail goes out before the next
sweep. Whoever typed the address learns nothing from it about who gives.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chalicelib.kernel import ids, rate_limits
from chalicelib.kernel.client_limits import check_rate, network
from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.kernel.table import Change, Table, compare_and_swap
from chalicelib.leaving.rows import statements
from chalicelib.leaving.rules.statements import DAY, LeavingStatement
from chalicelib.mail.rows import outbox
from chalicelib.mail.rules.mails import MailToSend
from chalicelib.mail.rules.statement_mails import StatementReceived
from chalicelib.newsroom.rules import Limits
from chalicelib.supporters.rows import supporters

RECEIPTS_AN_ADDRESS, RECEIPTS_A_CLIENT = 3, 10  # a day; an hour
_HOUR = 3600
_LETTERS = 12  # of a statement's id: 60 bits


@dataclass(frozen=True)
class StatementSender:
    """Where a statement comes from. `attempt`: the page's own word for one press of the button; empty: none."""

    client: str
    attempt: str = ""


def receive(
    statement: LeavingStatement,
    sender: StatementSender,
    table: Table,
    limits: Limits,
    *,
    email_key: str,
    now: BusinessTime,
    real_now: RealTime,
) -> LeavingStatement:
    """Store a statement and its receipt; answers it with its id and time.

    The same press of the button again is the same statement. Where receipts are used up, none is mailed: the page
    that shows the statement is the receipt.

    :raises RateLimited: `cancellations`, by the client's address.
    :raises TableUnavailable, Contended: whether it was stored is not known.
    """
    check_rate(
        table, "cancellations", sender.client, limit=limits.cancellations, key=email_key, now=real_now
    )  # before anything is written, so that a flood costs little
    client = ids.keyed_hash(email_key, network(sender.client))[:32]
    address = supporters.email_hash(statement.email, email_key)
    # Both are counted for every statement: the time must not say which of the two is used up.
    few = [
        rate_limits.take(table, "statements_from", client, RECEIPTS_A_CLIENT, _HOUR, real_now) == 0,
        rate_limits.take(table, "statements_about", address[:32], RECEIPTS_AN_ADDRESS, DAY, real_now) == 0,
    ]
    new = replace(
        statement,
        id=_id_of(statement, sender, email_key),
        address=address,
        client=client,
        many=not all(few),
        received_at=now,
    )
    receipt = outbox.put_to(_receipt(new), new.email, new.language, now, asked_by=client, held=new.many)

    def plan() -> tuple[Sequence[Change], LeavingStatement]:
        known = statements.read(table, new.id)
        return ([], known) if known else ([*statements.put(new), receipt], new)

    return compare_and_swap(table, plan)


def receipt_id(statement_id: str) -> str:
    """The id of the mail that confirms a statement."""
    return f"statement-{statement_id}:received"


def _id_of(statement: LeavingStatement, sender: StatementSender, key: str) -> str:
    """An id that nobody can guess; of an attempt always the same, as long as nothing in it was changed."""
    if not sender.attempt:
        return ids.new_code().replace("-", "") + ids.new_code()[:4]
    typed = (statement.kind, statement.email, statement.gift, statement.wish, statement.name, statement.comment)
    bits = int(ids.keyed_hash(key, "\n".join(("statement", sender.attempt, *typed))), 16)
    return "".join(ids.CODE_ALPHABET[bits >> 5 * place & 31] for place in range(_LETTERS))


def _receipt(statement: LeavingStatement) -> MailToSend:
    values = {
        "way": statement.kind,
        "reference": statement.reference,
        "received_at": statement.received_at,
        "email": statement.email,
        "gift": statement.gift,
        "when": statement.wish,
        "name": statement.name,
        "comment": statement.comment,
    }
    return MailToSend(receipt_id(statement.id), StatementReceived.kind, values)
