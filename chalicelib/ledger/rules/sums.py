"""What entries add up to: by month or campaign, and currency."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Any, Literal

from chalicelib.kernel.moments import month_of
from chalicelib.ledger.rules.movements import Fee, Movement

COUNTED = ("gross", "refunded", "dispute_lost", "payments", "fees")
_OF_NET = {"gross", "refunded", "dispute_lost"}

Scope = Literal["month", "campaign"]
Group = tuple[Scope, str, str]  # whose sums: ("month", "2026-09", "eur"), ("campaign", "winter", "eur")


@dataclass(frozen=True)
class Counted:
    """What an entry adds to the sums of its month (the newsroom's) and its campaign, by currency."""

    month: str
    campaign: str | None
    added: Mapping[str, Mapping[str, int]]

    def by_group(self) -> Iterator[tuple[Group, Mapping[str, int]]]:
        """What it adds to each sum."""
        for currency, columns in self.added.items():
            yield ("month", self.month, currency), columns
            if self.campaign:
                yield ("campaign", self.campaign, currency), columns


def counted(moved: Movement, campaign: str | None, zone: tzinfo) -> Counted:
    """How a movement counts: what a failed refund or a won dispute brings back, lowers what was given back."""
    added: dict[str, dict[str, int]] = {moved.currency: _columns(moved)}
    if moved.fee and moved.fee.amount:
        added.setdefault(moved.fee.currency, {})["fees"] = moved.fee.amount
    return Counted(month_of(moved.occurred_at, zone), campaign, added)


def counted_late(fee: Fee, moved: Movement, campaign: str | None, zone: tzinfo) -> Counted:
    """How a fee counts that became known after its movement was booked."""
    return Counted(month_of(moved.occurred_at, zone), campaign, {fee.currency: {"fees": fee.amount}})


def _columns(moved: Movement) -> dict[str, int]:
    if moved.kind == "gift":
        return {"gross": moved.amount, "payments": 1}
    return {{"refund": "refunded", "dispute": "dispute_lost"}[moved.kind]: -moved.amount}


@dataclass
class Sums:
    """Minor units of one currency, all positive but `net`, which is what is left; `payments` counts gifts.

    `fees` is what the provider kept in this currency, as far as it is known: gifts in another one may have settled in
    it. `unreadable`: of these a shard holds something else than a number, so that they are not what they seem.
    """

    gross: int = 0
    refunded: int = 0
    dispute_lost: int = 0
    payments: int = 0
    fees: int = 0
    unreadable: set[str] = field(default_factory=set)

    @property
    def net(self) -> int:
        """Before fees."""
        return self.gross - self.refunded - self.dispute_lost

    def add(self, row: Mapping[str, Any]) -> None:
        """Take in one shard's counters; what is no number is left out and told."""
        for column in COUNTED:
            value = row.get(column, 0)
            if type(value) is int:
                setattr(self, column, getattr(self, column) + value)
            else:
                self.unreadable |= {column, "net"} if column in _OF_NET else {column}


@dataclass(frozen=True)
class Total:
    """The sums of one month or one campaign in one currency."""

    of: str
    currency: str
    sums: Sums = field(default_factory=Sums)
