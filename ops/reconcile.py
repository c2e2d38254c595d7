"""`reconcile`."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import click

from chalicelib import jobs
from chalicelib.kernel.money import shown
from chalicelib.rails.stripe.reconcile.rings import RINGS
from chalicelib.reconciling.run import WINDOW
from chalicelib.upkeep.reconcile import Reconciled
from ops.context import connect
from ops.output import emit, one_line, say, table

_COUNTS = ("seen", "stored", "reopened", "applied", "foreign", "fees", "undecided", "faults", "unreadable", "failed")
_SUMS = ("stripe", "ledger", "missing_at_stripe", "unexplained")


@click.command()
@click.option("--ring", type=click.Choice(RINGS), multiple=True, help="Only this one; may be given several times.")
@click.option(
    "--days",
    type=click.IntRange(1, 3650),
    default=WINDOW,
    show_default=True,
    help="How many days of money to walk; Stripe lists events for 30 days only.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object; amounts in minor units.")
def reconcile(*, ring: tuple[str, ...], days: int, as_json: bool) -> None:
    """Ask Stripe for everything that was missed, apply it, and hold Stripe's own books against the ledger.

    Looks back at 30 days of events, and walks each of the last 35 days of money. Ends with code 1 when the books
    differ, when a part could not finish, and when there was anything that could not be looked at or applied.
    """
    wired = connect()
    with click.progressbar(length=1, label="Days", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:

        def walked(count: int, of: int) -> None:
            bar.length = of
            bar.update(count - bar.pos)

        done = jobs.reconciled(wired, ring or RINGS, by_hand=True, days=days, on_step=walked)
    if as_json:
        emit(done.as_json())
    else:
        _show(done, wired.settings.site_id)
    for name, why in done.failed.items():
        say(f"{name} could not finish: {why}.", err=True)
    for name, count in done.unusable.items():
        say(f"{name}: {count} could not be looked at or applied; the others were.", err=True)
    if done.differs:
        say("Stripe's books and the ledger differ.", err=True)
    if done.changed:
        say(f"Days that were closed are found otherwise now: {', '.join(done.changed)}.", err=True)
    if done.differs or done.failed or done.unusable:
        sys.exit(1)


def _show(done: Reconciled, site_id: str) -> None:
    told = done.as_json()
    rows: list[Mapping[str, Any]] = [{"part": name, **told[name]} for name in done.parts]
    table(rows, ("part", *(count for count in _COUNTS if any(row.get(count) for row in rows) or count == "seen")), "")
    bad = [{"part": row["part"], **one} for row in rows for one in row["bad_lines"]]
    _listed("Could not be looked at or applied; the log says where:", bad, ("part", "id", "why"))
    if "money" in done.parts:
        say()
        _show_money(told["money"], site_id)


def _show_money(found: Mapping[str, Any], site_id: str) -> None:
    sums = [{"currency": code, **_in_major_units(one, code)} for code, one in found["currencies"].items()]
    whole = not (found["failed"] or found["bad_lines"])
    nothing = (
        "No money of ours has moved at Stripe in that time."
        if whole
        else "There are no sums: not everything could be looked at."
    )
    table(sums, ("currency", *_SUMS), nothing)
    if not whole:
        left_out = ", ".join(f"{shown(amount, code)} {code}" for code, amount in sorted(found["left_out"].items()))
        more = f" Left out, as it settled: {one_line(left_out)}." if left_out else ""
        say(f"Not everything was looked at: these sums are of what was.{more}")
    _listed("", [{"movement": name} for name in found["differences"]], ("movement",))
    known = [{**one, "amount": shown(one["amount"], one["currency"])} for one in found["known_foreign"]]
    says = f"Without our mark, but of somebody we know: put spilno={site_id} on it at Stripe, then run this again."
    _listed(says, known, ("id", "amount", "currency"))


def _listed(heading: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    if not rows:
        return
    say()
    if heading:
        say(heading)
    table(rows, columns, "")


def _in_major_units(one: Mapping[str, int], currency: str) -> dict[str, str]:
    return {name: shown(one[name], currency) for name in _SUMS}
