"""`statements`: what readers declared without signing in, where a person must decide."""

import getpass
from collections.abc import Mapping
from typing import Any

import click

from chalicelib.account.actions.find_supporter import whom
from chalicelib.kernel.errors import Conflict, NotFound
from chalicelib.kernel.moments import rfc3339, when
from chalicelib.leaving.actions import decide
from chalicelib.leaving.actions.carry_out import plan_for
from chalicelib.leaving.actions.follow import Follower, follow
from chalicelib.leaving.rows import statements as store
from chalicelib.leaving.rules.statements import OPEN, LeavingStatement, statement_id
from chalicelib.wiring import Wiring
from ops.context import connect
from ops.default_command import with_default
from ops.here import rows_here
from ops.output import emit, one_line, say, table

_COLUMNS = ("reference", "kind", "deadline", "status", "outcome", "email", "received_at")
_NAMED = click.argument("reference")
_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object.")


@click.group(cls=with_default("list"))
def statements() -> None:
    """Cancellations and withdrawals that were declared without signing in. A statement is named by its number.

    `statements` alone is short for `statements list`.
    """


@statements.command(name="list")
@click.option(
    "--all", "everything", is_flag=True, help="Also beyond ten an hour of a client, or three a day of an address."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_(*, everything: bool, as_json: bool) -> None:
    """What is not settled yet, by deadline; what waits for you has the status `waiting`."""
    wired = connect()
    found = sorted(store.open_statements(wired.table), key=lambda one: (one.deadline or one.received_at, one.id))
    rows = [_told(one) for one in found if everything or not one.many or one.supporter]
    if as_json:
        for row in rows:
            emit(row)
        return
    table(rows_here(rows, wired.newsroom.zone), _COLUMNS, "Nothing waits.")
    hidden = len(found) - len(rows)
    if hidden:
        say(f"{hidden} more of nobody that we know, from where many came: --all shows them.")


@statements.command()
@_NAMED
@_JSON
def show(reference: str, *, as_json: bool) -> None:
    """What was declared, how it stands, and what it would do if you agree."""
    wired = connect()
    one = _read(wired, reference)
    told = {**_told(one), "would": _would(wired, one) if one.status in OPEN else []}
    if as_json:
        emit(told)
        return
    [here] = rows_here([{name: value for name, value in told.items() if name != "would"}], wired.newsroom.zone)
    for name, value in here.items():
        if value not in (None, "", False):
            say(f"{name}: {one_line(value)}")
    table(
        rows_here(told["would"], wired.newsroom.zone),
        ("gift", "does", "at", "amount", "currency"),
        "It would do nothing.",
    )


@statements.command()
@_NAMED
@click.option("--supporter", help="Whose support is meant, by address or identifier, where nobody was found.")
@click.option("--gift", default="", help="The only gift that is meant, of several: as `show` names it.")
@_JSON
def agree(reference: str, supporter: str | None, gift: str, *, as_json: bool) -> None:
    """Carry it out: a cancellation stops at the end of what is paid, a withdrawal gives everything back."""
    wired = connect()
    one = _read(wired, reference)
    if supporter:
        owner, _ = whom(wired.table, supporter, wired.secrets["SPILNO_EMAIL_KEY"])
        one = decide.meant_for(wired.table, one.id, owner, now=wired.now())
    if one.supporter is None:
        raise Conflict(
            "We know nobody with this address. Say whose support is meant: --supporter.", code="unknown_supporter"
        )
    decide.confirm(wired.table, one.id, by=getpass.getuser(), target=gift, now=wired.now())
    error = follow(one.id, Follower(wired.stripe_deps, wired.mail_sender, wired.now(), wired.real_now()))
    after = _read(wired, reference)
    if as_json:
        emit(_told(after))
    elif after.status == "acting" and error is not None:
        say(f"{after.reference}: agreed; it is not carried out yet ({type(error).__name__}). The sweep tries again.")
    else:
        say(f"{after.reference}: {after.status}, {after.outcome}.")


@statements.command()
@_NAMED
@click.option("--reason", required=True, help="Why, in words for whoever declared it: it is mailed to them.")
@_JSON
def refuse(reference: str, reason: str, *, as_json: bool) -> None:
    """Do not carry it out, and tell whoever declared it why."""
    _settle(reference, "refused", reason, tell=True, as_json=as_json)


@statements.command()
@_NAMED
@click.option("--reason", required=True, help="What became of it; it is kept.")
@click.option("--tell", is_flag=True, help="Mail it to whoever declared it.")
@_JSON
def close(reference: str, reason: str, *, tell: bool, as_json: bool) -> None:
    """Close it as settled in another way, or as nobody's."""
    _settle(reference, "closed", reason, tell=tell, as_json=as_json)


def _settle(reference: str, outcome: str, reason: str, *, tell: bool, as_json: bool) -> None:
    wired = connect()
    one = _read(wired, reference)
    decision = decide.ClosingDecision(outcome, by=getpass.getuser(), note=reason, tell=tell)
    after = decide.settle(wired.table, one.id, decision, now=wired.now())
    if tell:
        wired.mail_sender.deliver([decide.mail_of(after)], wired.now())
    if as_json:
        emit(_told(after))
    else:
        say(f"{after.reference}: {outcome}.")


def _read(wired: Wiring, reference: str) -> LeavingStatement:
    one = store.read(wired.table, statement_id(reference))
    if one is None:
        raise NotFound(f"There is no statement {one_line(reference)}.", code="unknown_statement")
    return one


def _told(one: LeavingStatement) -> dict[str, Any]:
    return {
        "reference": one.reference,
        "kind": one.kind,
        "status": one.status,
        "outcome": one.outcome or None,
        "deadline": when(one.deadline),
        "received_at": rfc3339(one.received_at),
        "email": one.email,
        "gift": one.gift or None,
        "when": one.wish,
        "name": one.name or None,
        "comment": one.comment or None,
        "supporter": one.supporter,
        "by": one.by or None,
        "note": one.note or None,
    }


def _would(wired: Wiring, one: LeavingStatement) -> list[Mapping[str, Any]]:
    """What it would do now, a line for each gift."""
    todo = plan_for(one, wired.table, wired.newsroom, wired.now())
    stops = [{"gift": it.gift.id, "does": "stops", "at": rfc3339(it.ends_at)} for it in todo.stops]
    gone = [
        {"gift": it.id, "does": "gives back", "amount": it.amount, "currency": it.currency} for it in todo.give_backs
    ]
    return [*stops, *gone]
