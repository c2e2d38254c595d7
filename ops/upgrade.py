"""`upgrade`."""

import sys

import click

from chalicelib.upgrade.run import Upgraded, upgrade
from chalicelib.upgrade.steps import STEPS
from ops.context import connect
from ops.output import counted_up, emit, say, table, under_way

_COLUMNS = ("what", "rows", "written")


@click.command("upgrade")
@click.option("--check", is_flag=True, help="Only say what is lacking; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def upgrade_command(*, check: bool, as_json: bool) -> None:
    """Write once what rows of an earlier release lack. Run it after an update; everything works before that, too.

    It may run at any time, beside everything else, and any number of times; after an interruption it finds less to
    do. Ends with code 1 while something is lacking.
    """
    wired = connect()
    done = upgrade(
        wired.table,
        write=not check,
        now=wired.real_now(),
        email_key=wired.secrets["SPILNO_EMAIL_KEY"],
        progress=counted_up(),
    )
    if as_json:
        emit(done.as_json())
    else:
        _show(done, check=check)
    if done.left:
        sys.exit(1)


def _show(done: Upgraded, *, check: bool) -> None:
    if sys.stderr.isatty():
        under_way("")
    found = [
        {"what": step.what, "rows": done.lacking[name], "written": done.written[name]}
        for name, step in STEPS.items()
        if done.lacking[name]
    ]
    table(found, _COLUMNS, "Nothing is lacking.")
    say(f"\n{done.rows} rows read.")
    if done.left and not check:
        say(f"{done.left} rows kept changing while they were looked at. Run it again.")
    elif check and len(done.noted) < len(STEPS):
        say("`upgrade` without --check writes what is lacking, and notes that the whole table was looked at.")
