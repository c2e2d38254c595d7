"""`cost`: what the model of docs/cost.md says of a month, beside what AWS billed the account for it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

import click

from bench import cost_report, prices
from bench.cost import bill
from bench.month import month
from bench.services import by_service
from chalicelib.supporters.rows import how_many
from chalicelib.wiring import Wiring
from ops.billed import Billed, BillUnreadable, first_of, next_first, of_cost_explorer, of_csv
from ops.context import connect
from ops.output import Refusal, emit, one_line, say, table

_UNITS = Path(__file__).resolve().parent.parent / "docs" / "units.md"
_COLUMNS = ("service", "model", "billed", "difference")
_ELSE = "not ours, or not in the model"


@click.command()
@click.option("--month", "asked", help="Such as 2026-11. Default: this month until yesterday.")
@click.option("--supporters", type=click.IntRange(1), help="For the model. Default: what was counted last.")
@click.option("--csv", "file", type=click.File(encoding="utf-8"), help="A bill's CSV, or Cost Explorer's, instead.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object; US dollars.")
def cost(*, asked: str | None, supporters: int | None, file: TextIO | None, as_json: bool) -> None:
    """What a month should cost by the model, beside what AWS billed the account for it.

    AWS takes 0.01 USD for the question; with --csv nobody is asked. The bill is of the whole account: what else runs
    there stands in a line of its own. The model is for prices of us-east-1, after what is free, without tax.
    """
    wired = connect()
    today = datetime.now(UTC).date()
    try:
        first = first_of(asked) if asked else (today - timedelta(days=1)).replace(day=1)
        until = min(next_first(first), today)
        billed = _billed(wired, file, first, until)
    except BillUnreadable as error:
        raise Refusal(str(error)) from None
    people = supporters or _counted(wired)
    share = Decimal((until - first).days) / (next_first(first) - first).days
    rows = compared({name: net * share for name, net in _model(people).items()}, billed)
    if as_json:
        emit({"from": f"{first}", "until": f"{until}", "supporters": people, "services": rows})
        return
    say(f"{first} to {until - timedelta(days=1)}, {people:,} supporters, USD.")
    table([{**row, "service": one_line(row["service"])} for row in rows], _COLUMNS, "Nothing was billed.")


def compared(model: Mapping[str, Decimal], billed: Billed) -> list[dict[str, str]]:
    """A row a service, ours first, then all others together, then the sum; amounts as `0.00`."""
    ours = [(name, model[name], billed.get(name, Decimal(0))) for name in sorted(model)]
    other = sum((amount for name, amount in billed.items() if name not in model), Decimal(0))
    sums = sum(model.values(), Decimal(0)), sum(billed.values(), Decimal(0))
    every = [*ours, (_ELSE, Decimal(0), other), ("sum", *sums)]
    return [
        {"service": name, "model": f"{said:.2f}", "billed": f"{paid:.2f}", "difference": f"{paid - said:+.2f}"}
        for name, said, paid in every
        if name == "sum" or round(said, 2) or round(paid, 2)
    ]


def _model(people: int) -> Mapping[str, Decimal]:
    read = prices.read()
    return by_service(bill(month(people, cost_report.units_of(_UNITS)), read), read)


def _counted(wired: Wiring) -> int:
    found = how_many.read(wired.table)
    if found is None or not found.people:
        raise Refusal("Nobody has counted the supporters yet. Say how many: --supporters 1200.")
    return found.people


def _billed(wired: Wiring, file: TextIO | None, first: date, until: date) -> Billed:
    if first >= until:
        raise Refusal(f"Nothing of {first:%Y-%m} is billed yet.")
    if file:
        return of_csv(file, first)
    if wired.settings.local:
        raise Refusal("The local stack costs nothing. Say which stage, or give a file: --csv bill.csv.")
    return of_cost_explorer(_explorer(), first, until)


def _explorer() -> Any:
    import boto3

    return boto3.client("ce", region_name="us-east-1")  # the only place where it answers
