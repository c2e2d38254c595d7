"""`inbox` and `sweep`."""

import click

from chalicelib.actions.assemble import deps_of, postman_of
from chalicelib.actions.receive_event import apply_stored
from chalicelib.actions.sweep import sweep as run_sweep
from chalicelib.domain.errors import NotFound
from chalicelib.domain.moments import rfc3339
from chalicelib.store import inbox as inbox_store
from ops.context import connect
from ops.output import emit, table

_COLUMNS = ("event", "type", "status", "tries", "why", "received_at")


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_context
def inbox(context: click.Context, *, as_json: bool) -> None:
    """Events that are still to apply, or parked for a person to look at."""
    if context.invoked_subcommand:
        return
    rows = [{**row, "received_at": rfc3339(row["received_at"])} for row in inbox_store.waiting(connect().table)]
    if as_json:
        for row in rows:
            emit(row)
        return
    table(rows, _COLUMNS, "Nothing is waiting.")


@inbox.command()
@click.argument("event")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def retry(event: str, *, as_json: bool) -> None:
    """Apply a pending or parked event now, after what was wrong is mended."""
    wired = connect()
    now = wired.now()
    stored = inbox_store.read(wired.table, event)
    if stored is None:
        raise NotFound(f"There is no event {event} in the inbox.", code="unknown_event")
    inbox_store.retry(wired.table, event, now)
    applied = apply_stored(event, deps_of(wired), postman_of(wired), now=now, real_now=wired.real_now())
    if as_json:
        emit({"event": event, "applied": applied})
    else:
        click.echo(f"{event}: {'nothing is left to do' if applied else 'still pending; `ops inbox` says why'}.")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def sweep(*, as_json: bool) -> None:
    """Apply what is due in the inbox and send what is due in the outbox, as the schedule does every five minutes."""
    done = run_sweep(connect())
    if as_json:
        emit(done)
    else:
        click.echo("{applied} of {events} events applied, {sent} of {mails} mails sent.".format(**done))
