"""`ledger` and `totals`."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import click

from chalicelib.domain.moments import rfc3339
from chalicelib.domain.money import Money, to_decimal_text
from chalicelib.store import ledger as ledger_store
from chalicelib.store import supporters
from chalicelib.wiring import Wiring
from ops.context import connect
from ops.output import emit, table

_COLUMNS = ("occurred_at", "kind", "amount", "currency", "email", "id")


def _entries(wired: Wiring) -> Iterator[Mapping[str, Any]]:
    @cache
    def email_of(supporter: str) -> str | None:
        profile = supporters.read_profile(wired.table, supporter)
        return profile.email if profile else None

    for entry in ledger_store.entries(wired.table):
        told = {name: entry[name] for name in ("id", "kind", "payment_intent", "amount", "currency")}
        told |= {
            "supporter": entry.get("supporter"),
            "email": email_of(entry["supporter"]) if entry.get("supporter") else None,
            "occurred_at": rfc3339(entry["occurred_at"]),
            "livemode": entry["livemode"],
        }
        yield told | {name: entry[name] for name in ("invoice", "subscription") if name in entry}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line; amounts in minor units.")
def ledger(*, as_json: bool) -> None:
    """Every movement of money, in order of time."""
    entries = _entries(connect())
    if as_json:
        for entry in entries:
            emit(entry)
        return
    rows = ({**entry, "amount": to_decimal_text(Money(entry["amount"], entry["currency"]))} for entry in entries)
    table(rows, _COLUMNS, "No money has moved yet.")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object; amounts in minor units.")
def totals(*, as_json: bool) -> None:
    """What came in, went back and is left, by currency, before fees."""
    sums = {
        currency: {
            "gross": one.gross,
            "refunded": one.refunded,
            "dispute_lost": one.dispute_lost,
            "net": one.net,
            "payments": one.payments,
        }
        for currency, one in sorted(ledger_store.totals(connect().table).items())
    }
    if as_json:
        emit(sums)
        return
    rows = [{"currency": currency, **_in_major_units(one, currency)} for currency, one in sums.items()]
    table(rows, ("currency", "gross", "refunded", "dispute_lost", "net", "payments"), "No money has moved yet.")


def _in_major_units(one: Mapping[str, int], currency: str) -> dict[str, str]:
    return {
        name: str(value) if name == "payments" else to_decimal_text(Money(value, currency))
        for name, value in one.items()
    }
