"""`ledger` and `totals`."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

import click

from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import rfc3339, when
from chalicelib.kernel.money import UNREADABLE, shown, with_currency
from chalicelib.kernel.table import Table
from chalicelib.ledger.rows import sums as sums_store
from chalicelib.ledger.rows.entries import entries_of_rails
from chalicelib.ledger.rules.stored import ListedEntry, UnreadableEntry
from chalicelib.ledger.rules.sums import Sums, Total
from chalicelib.rails.registry import RAILS
from chalicelib.supporters.rows import supporters
from chalicelib.wiring import Wiring
from ops.context import connect
from ops.here import rows_here
from ops.output import emit, end_with_unreadable, table

_COLUMNS = ("occurred_at", "kind", "amount", "currency", "fee", "email", "id")
_SUMS = ("gross", "refunded", "dispute_lost", "net", "payments")
_NOTHING = "No money has moved yet."


@dataclass
class _Entries:
    """The ledger's entries as they are shown, in order of time; `unreadable`: the rows that could not be read."""

    wired: Wiring
    unreadable: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        for entry in entries_of_rails(self.wired.table, RAILS):
            if isinstance(entry, UnreadableEntry):
                self.unreadable.append(entry.name)
                yield {"id": entry.name, "unreadable": entry}
            else:
                yield self._told(entry)

    def _told(self, entry: ListedEntry) -> Mapping[str, Any]:
        told = {
            "id": entry.id,
            "kind": entry.kind,
            "gift": entry.gift,
            "payment_intent": entry.gift,
            "recurring": entry.recurring,
            "rail": entry.rail,
            "amount": entry.amount,
            "currency": entry.currency,
            "supporter": entry.supporter,
            "email": self._email_of(entry.supporter),
            "occurred_at": rfc3339(entry.occurred_at),
            "livemode": entry.livemode,
        }
        fee = {"fee": entry.fee.amount, "fee_currency": entry.fee.currency} if entry.fee else {}
        where_there_is = {"invoice": entry.invoice, "subscription": entry.recurring, **fee}
        return told | {name: value for name, value in where_there_is.items() if value is not None}

    @cached_property
    def _email_of(self) -> Callable[[SupporterId], str | None]:
        @cache
        def email_of(supporter: SupporterId) -> str | None:
            profile = supporters.read_profile(self.wired.table, supporter)
            return profile.email or None if profile else None

        return email_of


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line; amounts in minor units.")
def ledger(*, as_json: bool) -> None:
    """Every movement of money, in order of time. A fee is Stripe's, in the currency that the money settled in.

    Times stand by the newsroom's clock; with --json in UTC. A row that cannot be read is told on standard error, and
    the command ends with code 1; all others are told as ever.
    """
    entries = _Entries(connect())
    if as_json:
        for entry in entries:
            if "unreadable" not in entry:
                emit(entry)
    else:
        zone = entries.wired.newsroom.zone
        table(rows_here(map(_entry_in_major_units, entries), zone), _COLUMNS, _NOTHING)
    end_with_unreadable("Entries", entries.unreadable)


def _entry_in_major_units(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    if raw := entry.get("unreadable"):
        what = {"kind": UNREADABLE, "amount": shown(raw.amount, raw.currency), "currency": raw.currency}
        return {"id": entry["id"], "occurred_at": when(raw.occurred_at) or UNREADABLE, **what}
    told = {**entry, "amount": shown(entry["amount"], entry["currency"])}
    if "fee" in entry:
        told["fee"] = with_currency(entry["fee"], entry.get("fee_currency"))
    return told


@click.command()
@click.option("--by", type=click.Choice(["month", "campaign"]), help="One row for each, instead of all together.")
@click.option("--fees", is_flag=True, help="Also what Stripe kept, as far as it is known, by the currency it kept.")
@click.option(
    "--json", "as_json", is_flag=True, help="One JSON object, with --by one a line; amounts in minor units."
)
def totals(*, by: str | None, fees: bool, as_json: bool) -> None:
    """What came in, went back and is left, by currency, before fees. Months are the newsroom's.

    A sum of which a part cannot be read is told as such (null in JSON), and the command ends with code 1.
    """
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
    broken = [f"{one.of} {one.currency}".strip() for one in found if one.sums.unreadable.intersection(names)]
    end_with_unreadable("Sums", broken)


def _totals(of: Table, by: str | None) -> Iterable[Total]:
    if by == "month":
        return sums_store.totals_by_month(of)
    if by == "campaign":
        named = sorted({entry.campaign for entry in entries_of_rails(of, RAILS) if entry.campaign})
        return (total for name in named for total in sums_store.totals_of_campaign(of, name))
    return [Total("", currency, sums) for currency, sums in sorted(sums_store.totals(of).items())]


def _is_told(sums: Sums, *, fees: bool) -> bool:
    """Whether a currency's sums are shown. One in which nobody gave may have fees: gifts in another settled in it."""
    return any(getattr(sums, name) for name in _SUMS) or bool(sums.unreadable) or (fees and sums.fees != 0)


def _told(sums: Sums, names: Iterable[str]) -> dict[str, int | None]:
    return {name: None if name in sums.unreadable else getattr(sums, name) for name in names}


def _in_major_units(one: Total, names: Iterable[str]) -> dict[str, str]:
    told = _told(one.sums, names)
    count = str(UNREADABLE if told["payments"] is None else told["payments"])
    return {name: count if name == "payments" else shown(value, one.currency) for name, value in told.items()}
