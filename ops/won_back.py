"""`won-back`: payments of recurring gifts that failed, and arrived after all."""

from collections.abc import Iterator

import click

from chalicelib.kernel.money import shown
from chalicelib.ledger.rows import failed_payments
from chalicelib.ledger.rows.entries import entries_of_rails
from chalicelib.ledger.rules.failed_payments import won_back
from chalicelib.ledger.rules.stored import ListedEntry, UnreadableEntry
from chalicelib.rails.registry import RAILS
from ops.context import connect
from ops.output import emit, end_with_unreadable, table

_COLUMNS = ("month", "currency", "gifts", "amount")


@click.command(name="won-back")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line; amounts in minor units.")
def won_back_command(*, as_json: bool) -> None:
    """What was won back: payments that failed and then arrived, by the month (the newsroom's) in which they arrived.

    It follows from the ledger and from what was noted when a payment failed, so that it is exact whatever was told
    twice or late. What was given back afterwards is not subtracted: `totals` does that.
    """
    wired = connect()
    unreadable: list[str] = []

    def entries() -> Iterator[ListedEntry]:
        for entry in entries_of_rails(wired.table, RAILS):
            if isinstance(entry, UnreadableEntry):
                unreadable.append(entry.name)
            else:
                yield entry

    found = won_back(failed_payments.every_one(wired.table), entries(), wired.newsroom.zone)
    if as_json:
        for one in found:
            emit(vars(one))
    else:
        rows = [{**vars(one), "gifts": str(one.gifts), "amount": shown(one.amount, one.currency)} for one in found]
        table(rows, _COLUMNS, "Nothing that had failed has arrived yet.")
    end_with_unreadable("Entries", unreadable)
