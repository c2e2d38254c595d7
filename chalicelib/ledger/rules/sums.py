"""The sums of the ledger, by month or campaign, and by currency."""

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
    """What an entry adds to the sums of its month (in the newsroom's time zone) and its campaign, by currency."""

    month: str
    campaign: str | None
    added: Mapping[str, Mapping[str, int]]

    def by_group(self) -> Iterator[tuple[Group, Mapping[str, int]]]:
        """Each group of sums with what is added to its columns."""
        for currency, columns in self.added.items():
            yield ("month", self.month, currency), columns
            if self.campaign:
                yield ("campaign", self.campaign, currency), columns


def counted(moved: Movement, campaign: str | None, zone: tzinfo) -> Counted:
    """What a movement adds to the sums. A failed refund or a won dispute lowers what was refunded or lost."""
    added: dict[str, dict[str, int]] = {moved.currency: _columns(moved)}
    if moved.fee and moved.fee.amount:
        added.setdefault(moved.fee.currency, {})["fees"] = moved.fee.amount
    return Counted(month_of(moved.occurred_at, zone), campaign, added)


def counted_late(fee: Fee, moved: Movement, campaign: str | None, zone: tzinfo) -> Counted:
    """What a fee adds to the sums, if it became known after its movement was booked."""
    return Counted(month_of(moved.occurred_at, zone), campaign, {fee.currency: {"fees": fee.amount}})


def _columns(moved: Movement) -> dict[str, int]:
    if moved.kind == "gift":
        return {"gross": moved.amount, "payments": 1}
    return {{"refund": "refunded", "dispute": "dispute_lost"}[moved.kind]: -moved.amount}


@dataclass
class Sums:
    """The sums of one month or campaign in one currency, in minor units; `payments` counts gifts.

    All are positive but `net`, which is what is left. `fees`: what the provider kept in this currency, as far as
    known; gifts in another one may have settled in it. `unreadable`: columns for which a shard holds something else
    than a number, so that their sums are wrong.
    """

    gross: int = 0
    refunded: int = 0
    dispute_lost: int = 0
    payments: int = 0
    fees: int = 0
    unreadable: set[str] = field(default_factory=set)

    @property
    def net(self) -> int:
        """What is left of the gifts after refunds and disputes, before fees."""
        return self.gross - self.refunded - self.dispute_lost

    def add(self, row: Mapping[str, Any]) -> None:
        """Add one shard's counters; one that is no number is left out and named in `unreadable`."""
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
