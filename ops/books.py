"""`ledger` and `totals`."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import click

from chalicelib.domain.moments import rfc3339
from chalicelib.domain.money import Money, to_decimal_text
from chalicelib.store import ledger as ledger_store
from chalicelib.store import supporters
from chalicelib.store.ledger import Sums, Total
from chalicelib.store.table import Table
from chalicelib.wiring import Wiring
from ops.context import connect
from ops.output import emit, table

_COLUMNS = ("occurred_at", "kind", "amount", "currency", "fee", "email", "id")
_SUMS = ("gross", "refunded", "dispute_lost", "net", "payments")
_NOTHING = "No money has moved yet."


def _entries(wired: Wiring) -> Iterator[Mapping[str, Any]]:
    @cache
    def email_of(supporter: str) -> str | None:
        profile = supporters.read_profile(wired.table, supporter)
        return profile.email or None if profile else None

    for entry in ledger_store.entries(wired.table):
        told = {name: entry[name] for name in ("id", "kind", "payment_intent", "amount", "currency")}
        told |= {
            "supporter": entry.get("supporter"),
            "email": email_of(entry["supporter"]) if entry.get("supporter") else None,
            "occurred_at": rfc3339(entry["occurred_at"]),
            "livemode": entry["livemode"],
        }
        where_there_is = ("invoice", "subscription", "fee", "fee_currency")
        yield told | {name: entry[name] for name in where_there_is if name in entry}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line; amounts in minor units.")
def ledger(*, as_json: bool) -> None:
    """Every movement of money, in order of time. A fee is Stripe's, in the currency that the money settled in."""
    entries = _entries(connect())
    if as_json:
        for entry in entries:
            emit(entry)
        return
    table(map(_entry_in_major_units, entries), _COLUMNS, _NOTHING)


def _entry_in_major_units(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    shown = {**entry, "amount": to_decimal_text(Money(entry["amount"], entry["currency"]))}
    if "fee" in entry:
        shown["fee"] = str(Money(entry["fee"], entry["fee_currency"]))
    return shown


@click.command()
@click.option("--by", type=click.Choice(["month", "campaign"]), help="One row for each, instead of all together.")
@click.option("--fees", is_flag=True, help="Also what Stripe kept, as far as it is known, by the currency it kept.")
@click.option(
    "--json", "as_json", is_flag=True, help="One JSON object, with --by one a line; amounts in minor units."
)
def totals(*, by: str | None, fees: bool, as_json: bool) -> None:
    """What came in, went back and is left, by currency, before fees."""
    found = [one for one in _totals(connect().table, by) if _is_told(one.sums, fees=fees)]
    names = (*_SUMS, "fees") if fees else _SUMS
    if as_json and by:
        for one in found:
            emit({by: one.of, "currency": one.currency, **_told(one.sums, names)})
    elif as_json:
        emit({one.currency: _told(one.sums, names) for one in found})
    else:
        rows = [{by or "": one.of, "currency": one.currency, **_in_major_units(one, names)} for one in found]
        table(rows, (*([by] if by else []), "currency", *names), _NOTHING)


def _totals(of: Table, by: str | None) -> Iterable[Total]:
    if by == "month":
        return ledger_store.totals_by_month(of)
    if by == "campaign":
        named = sorted({str(entry["campaign"]) for entry in ledger_store.entries(of) if entry.get("campaign")})
        return (total for name in named for total in ledger_store.totals_of_campaign(of, name))
    return [Total("", currency, sums) for currency, sums in sorted(ledger_store.totals(of).items())]


def _is_told(sums: Sums, *, fees: bool) -> bool:
    """A currency in which nobody gave anything may still have fees: gifts in another one settled in it."""
    return any(getattr(sums, name) for name in _SUMS) or (fees and sums.fees != 0)


def _told(sums: Sums, names: Iterable[str]) -> dict[str, int]:
    return {name: getattr(sums, name) for name in names}


def _in_major_units(one: Total, names: Iterable[str]) -> dict[str, str]:
    return {
        name: str(value) if name == "payments" else to_decimal_text(Money(value, one.currency))
        for name, value in _told(one.sums, names).items()
    }
