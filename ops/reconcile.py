"""`reconcile`."""

import sys
from collections.abc import Mapping
from typing import Any

import click

from chalicelib import jobs
from chalicelib.actions.reconcile import REFUSED, RINGS, Reconciled
from chalicelib.actions.reconcile_run import WINDOW
from chalicelib.domain.money import Money, to_decimal_text
from ops.context import connect
from ops.output import emit, say, table

_COUNTS = ("seen", "stored", "reopened", "applied", "foreign", "fees", "undecided", "faults", "unreadable", "failed")
_SUMS = ("stripe", "ledger", "missing_at_stripe", "unexplained")


@click.command()
@click.option("--ring", type=click.Choice(RINGS), multiple=True, help="Only this one; may be given several times.")
@click.option(
    "--days",
    type=click.IntRange(1, 3650),
    default=WINDOW,
    show_default=True,
    help="How far to look back at money; Stripe lists events for 30 days only.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object; amounts in minor units.")
def reconcile(*, ring: tuple[str, ...], days: int, as_json: bool) -> None:
    """Ask Stripe for everything that was missed, apply it, and hold Stripe's own books against the ledger.

    Looks back at 30 days of events and 35 of money. Ends with code 1 when the books differ or when a part could not
    finish, unless only because the key may not read it.
    """
    done = jobs.reconciled(connect(), ring or RINGS, by_hand=True, days=days)
    if as_json:
        emit(done.as_json())
    else:
        _show(done)
    for name, why in done.failed.items():
        say(f"{name} could not finish: {why}.", err=True)
    if done.differs:
        say("Stripe's books and the ledger differ.", err=True)
    unfinished = [why for why in done.failed.values() if not why.startswith(REFUSED)]
    if done.differs or unfinished or len(done.failed) == len(done.parts):
        sys.exit(1)


def _show(done: Reconciled) -> None:
    told = done.as_json()
    rows: list[Mapping[str, Any]] = [{"part": name, **told[name]} for name in done.parts]
    table(rows, ("part", *(count for count in _COUNTS if any(row.get(count) for row in rows) or count == "seen")), "")
    if "money" not in done.parts:
        return
    say()
    sums = [{"currency": code, **_in_major_units(one, code)} for code, one in told["money"]["currencies"].items()]
    table(sums, ("currency", *_SUMS), "No money of ours has moved at Stripe in that time.")
    if told["money"]["differences"]:
        say()
        table([{"movement": name} for name in told["money"]["differences"]], ("movement",), "")


def _in_major_units(one: Mapping[str, int], currency: str) -> dict[str, str]:
    return {name: to_decimal_text(Money(one[name], currency)) for name in _SUMS}
