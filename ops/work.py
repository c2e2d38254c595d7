"""`inbox`, `sweep` and `count-supporters`."""

import click

from chalicelib import jobs
from chalicelib.inbox import rows as inbox_store
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.moments import rfc3339
from chalicelib.rails.stripe.paced import SWEEP
from chalicelib.rails.stripe.receive import apply_stored, reopened
from chalicelib.reconciling.work_limits import WorkLimits
from chalicelib.upkeep.sweep import sweep as run_sweep
from ops.context import connect
from ops.here import rows_here
from ops.output import emit, one_line, say, table

_AWAY = {"stripe": "Stripe", "table": "the table"}
_COLUMNS = ("event", "type", "status", "tries", "why", "received_at")


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_context
def inbox(context: click.Context, *, as_json: bool) -> None:
    """Events that are still to apply, or parked for a person to look at."""
    if context.invoked_subcommand:
        return
    wired = connect()
    rows = [{**row, "received_at": rfc3339(row["received_at"])} for row in inbox_store.waiting(wired.table)]
    if as_json:
        for row in rows:
            emit(row)
        return
    table(rows_here(rows, wired.newsroom.zone), _COLUMNS, "Nothing is waiting.")


@inbox.command()
@click.argument("event")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def retry(event: str, *, as_json: bool) -> None:
    """Apply an event now, after what was wrong is mended: a pending or parked one, or one of a type that was unknown.

    Its failed tries are forgotten.
    """
    wired = connect()
    now = wired.now()
    stored = inbox_store.read(wired.table, event)
    if stored is None:
        raise NotFound(f"There is no event {event} in the inbox.", code="unknown_event")
    taken_up = reopened(stored, wired.table, now) or inbox_store.retry(wired.table, event, now)
    applied = apply_stored(event, wired.stripe_deps, wired.mail_sender, now=now, real_now=wired.real_now())
    if as_json:
        emit({"event": event, "applied": applied})
    elif stored.status == "unhandled" and not taken_up:
        say(f"{event}: recorded only; nothing is done about {one_line(stored.type)}.")
    else:
        say(f"{event}: {'nothing is left to do' if applied else 'still pending; `ops inbox` says why'}.")


@click.command()
@click.option("--due", is_flag=True, help="Only what is due, as the schedule does every five minutes.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def sweep(*, due: bool, as_json: bool) -> None:
    """Apply every pending event and send every unsent mail now, also what failed a moment ago and is not due yet.

    For whoever has just mended something. Parked events stay: `ops inbox retry` brings each back.
    """
    done = run_sweep(connect(), everything=not due, limits=WorkLimits(SWEEP))
    if as_json:
        emit(done)
        return
    say("{applied} of {events} events applied, {sent} of {mails} mails sent.".format(**done))
    if done.get("stopped"):
        say(f"Stopped early: no answer from {_AWAY[done['stopped']]}. What was left waits as before.")


@click.command(name="count-supporters")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def count_supporters(*, as_json: bool) -> None:
    """Count now how many people support the newsroom, as the schedule does once a day, and store it.

    The donation page says it from fifty people on, where the newsroom's file has show_supporters = true.
    """
    done = jobs.supporters_counted(connect(), WorkLimits(1))
    if as_json:
        emit(done)
        return
    say("People who support the newsroom: {people}; joined this month: {joined}.".format(**done))
