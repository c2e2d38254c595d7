"""`days`: the days of the books, each with what Stripe and the ledger have of it."""

import sys
from collections.abc import Iterator, Mapping
from typing import Any

import click

from chalicelib.closing.rows import opens, seals
from chalicelib.closing.rows.seals import SealUnreadable
from chalicelib.closing.rules.days import Day, window
from chalicelib.closing.rules.seal import KEPT, DaySeal
from chalicelib.kernel import keys
from chalicelib.kernel.moments import rfc3339
from chalicelib.kernel.money import shown
from chalicelib.kernel.table import Table
from chalicelib.rails.registry import RAILS
from ops.context import connect
from ops.output import emit, say, table

_COLUMNS = ("day", "rail", "state", "currency", "lines", "stripe", "ledger", "open", "differing", "bad", "pending")
_WRONG = ("differs", "not closed", "seal unreadable")


@click.command()
@click.option("--days", "count", type=click.IntRange(1, 3650), default=KEPT, show_default=True, help="How far back.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a day; amounts in minor units.")
def days(*, count: int, as_json: bool) -> None:
    """The days that have ended, oldest first: whether each is closed, and what Stripe and the ledger have of it.

    `open`: booked, and Stripe has not told of it yet. `pending`: payments that are still under way. Ends with code 1
    when a day differs or is not closed.
    """
    wired = connect()
    now = wired.now()
    ended = [day for day in window(now, count, wired.newsroom.zone) if day.until < now]
    found = [_day(wired.table, day, rail) for rail in RAILS for day in ended]
    if as_json:
        for one in found:
            emit(one)
    else:
        table([row for one in found for row in _rows(one)], _COLUMNS, "No day has ended yet.")
        wrong = sum(one["state"] in _WRONG for one in found)
        if wrong:
            say(f"{wrong} of {len(found)} days differ or are not closed; `reconcile` walks them now.", err=True)
    if any(one["state"] in _WRONG for one in found):
        sys.exit(1)


def _day(stored: Table, day: Day, rail: str) -> dict[str, Any]:
    """What is stored of a day, for a machine."""
    told: dict[str, Any] = {"day": day.name, "rail": rail, "state": "not closed", "currencies": {}, "open": []}
    unknown = False
    for item in seals.of_day(stored, day.name, rail):
        if opens.is_open(item):
            moved = opens.open_of(item)
            if moved.status == "listed":
                continue
            unknown = unknown or moved.status == "unknown"
            told["open"].append({"movement": moved.id, "status": moved.status, "amount": moved.amount,
                                 "currency": moved.currency, "since": rfc3339(moved.seen_at)})  # fmt: skip
        elif (str(item["pk"]), str(item["sk"])) == keys.seal(day.name, rail):
            told |= _sealed(item)
    if unknown and told["state"] == "closed":
        told["state"] = "differs"
    return told


def _sealed(item: Mapping[str, Any]) -> dict[str, Any]:
    try:
        seal = seals.seal_of(item)
    except SealUnreadable:
        return {"state": "seal unreadable"}
    return {"state": seal.state, **_counts(seal), "sealed_at": rfc3339(seal.sealed_at), "currencies": {
        code: {"lines": one.provider.count, "stripe": one.provider.amount, "ledger": one.ledger.amount}
        for code, one in sorted(seal.sums.items())
    }}  # fmt: skip


def _counts(seal: DaySeal) -> dict[str, Any]:
    names = ("pending", "differing", "bad", "undecided", "changed")
    return {name: getattr(seal, name) for name in names} | {"differences": list(seal.differences)}


def _rows(told: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A day for a person: a line for each currency, its counts in the first."""
    first = {name: told.get(name) or "" for name in ("day", "rail", "state", "differing", "bad", "pending")}
    first["open"] = str(len(told["open"])) if told["open"] else ""
    lines = [
        {
            "currency": code,
            "lines": str(one["lines"]),
            **{name: shown(one[name], code) for name in ("stripe", "ledger")},
        }
        for code, one in told["currencies"].items()
    ]
    yield {**first, **(lines[0] if lines else {"lines": "0"})}
    yield from lines[1:]
