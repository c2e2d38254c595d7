"""`supporter erase` and `erased`."""

import getpass
import sys
from typing import Any

import click

from chalicelib.account.actions.find_supporter import whom
from chalicelib.jobs import eraser
from chalicelib.kernel.moments import rfc3339
from chalicelib.privacy.actions.ask import Asking, ask_erasure
from chalicelib.privacy.actions.reapply import Reapplied
from chalicelib.privacy.actions.reapply import reapply as applied_again
from chalicelib.rails.stripe import paced
from chalicelib.reconciling.work_limits import WorkLimits
from chalicelib.supporters.rows import erasures
from chalicelib.wiring import Wiring
from ops.context import connect
from ops.here import rows_here
from ops.output import Refusal, emit, one_line, say, table

_SAYS = {
    "checking": "Erased. Within two hours it is looked once more for what came meanwhile.",
    "erased": "Erased.",
    "waits": "Not yet: a person must do something first, see the alarm in the log and `erased`.",
}


@click.command("erase")
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask. There are no days of grace.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def erase(email: str, *, yes: bool, as_json: bool) -> None:
    """Erase somebody now: recurring gifts end, then nothing is left but vouchers.

    Their sign-in cannot take it back. Everywhere an identifier may stand for the address. Run again, it goes on.
    """
    wired = connect()
    supporter, profile = _whom(wired, email)
    shown = one_line(profile or supporter)
    if not yes and not click.confirm(
        f"Erase {shown} for good? Recurring gifts end, and nobody can undo it.", err=True
    ):
        raise Refusal("Nothing was done.")
    working = eraser(wired, WorkLimits(paced.SWEEP))
    asking = Asking(working.deps, wired.mail_sender, wired.now(), wired.real_now())
    if erasures.read(wired.table, supporter) is None:
        ask_erasure(supporter, asking, grace=0, by=getpass.getuser())
    outcome = working.erase(supporter)
    if as_json:
        emit({"supporter": supporter, "outcome": outcome})
    else:
        say(_SAYS[outcome])
    if outcome == "waits":
        sys.exit(1)


def _whom(wired: Wiring, named: str) -> tuple[Any, str]:
    """Whom an operator names; by the identifier also somebody whose erasure has begun and who has no address."""
    if "@" not in named and erasures.read(wired.table, named.strip()):  # type: ignore[arg-type] # an identifier
        return named.strip(), ""
    supporter, profile = whom(wired.table, named, wired.secrets["SPILNO_EMAIL_KEY"])
    return supporter, profile.email


@click.command("erased")
@click.option("--reapply", is_flag=True, help="After a restore: erase again whoever is back.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, or one a line.")
def erased(*, reapply: bool, as_json: bool) -> None:
    """Requests to be erased that are not done; with --reapply, what a restored table has to be told again."""
    wired = connect()
    if reapply:
        _show(applied_again(eraser(wired, WorkLimits(paced.SWEEP))), as_json=as_json)
        return
    rows = [
        {
            "supporter": one.supporter,
            "status": one.status,
            "asked_at": rfc3339(one.asked_at),
            "erase_on": rfc3339(one.erase_on),
            "by": one.by or "supporter",
        }
        for one in erasures.open_ones(wired.table)
    ]
    if as_json:
        for row in rows:
            emit(row)
        return
    columns = ("supporter", "status", "asked_at", "erase_on", "by")
    table(rows_here(rows, wired.newsroom.zone), columns, "Nobody waits to be erased.")


def _show(done: Reapplied, *, as_json: bool) -> None:
    if as_json:
        emit({"kept": done.kept, "again": dict(done.again), "marked": done.marked})
    else:
        say(f"{done.kept} erasures kept outside the table; {len(done.again)} were back, {done.marked} marks missed.")
        for supporter, outcome in done.again.items():
            say(f"{supporter}: {_SAYS[outcome]}")
    if "waits" in done.again.values():
        sys.exit(1)
