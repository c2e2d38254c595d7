"""`rebuild`."""

import sys
from typing import Any

import click

from chalicelib.kernel.money import places, shown
from chalicelib.rails.registry import RAILS
from chalicelib.rebuild.actions.rebuild import Rebuilt, as_json, rebuild
from chalicelib.rebuild.rules.differences import Difference
from ops.context import connect
from ops.output import counted_up, emit, say, table, under_way

_COLUMNS = ("what", "where", "stored", "derived", "can be")


@click.command("rebuild")
@click.option("--check", is_flag=True, help="Only compare; write nothing.")
@click.option("--json", "as_json_", is_flag=True, help="One JSON object; amounts in minor units.")
def rebuild_command(*, check: bool, as_json_: bool) -> None:
    """Derive totals and access anew from the ledger, and hold the ledger against the raw events that are kept.

    Without --check, what follows from the ledger is written anew: totals, grants, what was taken back, paid time,
    look-ups. The ledger itself is never changed: what is wrong there, a person must look at. Ends with code 1 while
    there is a difference. It may run at any time, beside everything else.
    """
    wired = connect()
    key = wired.secrets["SPILNO_EMAIL_KEY"]
    zone = wired.newsroom.zone
    done = rebuild(wired.table, key, rails=RAILS, repair=not check, now=wired.now(), zone=zone, progress=counted_up())
    if as_json_:
        emit(as_json(done))
    else:
        _show(done)
    if done.rails_written:
        say(f"{done.rails_written} entries from before a movement said its rail say it now.", err=as_json_)
    if done.left:
        sys.exit(1)


def _show(done: Rebuilt) -> None:
    if sys.stderr.isatty():
        under_way("")
    told = as_json(done)
    rows = [
        {"what": one.what.replace("_", " "), "where": one.where}
        | {"stored": _in_major_units(one, one.stored), "derived": _in_major_units(one, one.derived)}
        | {"can be": _word(repaired=one in done.repaired, mendable=one.repair is not None)}
        for one in done.differences
    ]
    table(rows, _COLUMNS, "Everything agrees.")
    say(f"\n{told['entries']} entries, {told['events']} events, {told['supporters']} supporters compared.")
    waiting = ", ".join(f"{count} {status}" for status, count in told["waiting"].items() if count)
    if waiting:
        say(f"Not applied yet, so not compared: {waiting} events (ops inbox).")
    if done.read.without_movements:
        say(f"{done.read.without_movements} events about money do not say what moved, in the shape that they have.")
    if done.unclear:
        say(f"{done.unclear} more may only follow from those that a person must look at: run it again then.")
    if done.moving:
        say(f"Gifts kept coming in: {', '.join(told['moving'])} could not be judged. Run it again.")


def _in_major_units(one: Difference, value: Any) -> Any:
    """A value with its amounts in major units, where their currency is known."""
    if one.what in ("total", "total_unreadable"):
        *_, currency, column = one.where.split()
        return value if column == "payments" and value is not None else shown(value, currency)
    if one.what.startswith("told_") and value:
        amount, _, currency = str(value).partition(" ")
        return f"{shown(int(amount), currency)} {currency}" if places(currency) is not None else value
    return value


def _word(*, repaired: bool, mendable: bool) -> str:
    if repaired:
        return "mended"
    return "mended by rebuild" if mendable else "a person must look"
