"""A made-up rail: the statement of a village bank, with everything ugly that statements have.

It knows no events. Its lines have no ids: what a line says is its id, which begins with nothing of ours. They come
late, and a line may come again in the next statement. What the bank keeps of a payment stands in a line of its own,
a day later. And money that goes back says to whom, not what for.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from chalicelib.booking.actions.apply import Deps
from chalicelib.booking.rail import (
    Committing,
    FindGift,
    GiftNotFound,
    Line,
    LineStatus,
    Moved,
    Notification,
    Subject,
)
from chalicelib.booking.rules.facts import Facts, ReversalFacts
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.table import NEW, Change, Put
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rules.movements import Booked, Fee, Kind, Movement
from chalicelib.ledger.rules.stored import StoredEntry
from chalicelib.supporters.rows import supporters
from chalicelib.supporters.rules.state import State

NAME = "village"
Row = Mapping[str, Any]


def row(day: int, amount: int, account: str, *, words: str = "", email: str | None = None) -> dict[str, Any]:
    """A line as the bank prints it. `day` in seconds; `amount` signed, in minor units of euro."""
    return {"day": day, "amount": amount, "currency": "eur", "account": account, "words": words, "email": email}


def kept_by_the_bank(day: int, amount: int, of: Row) -> dict[str, Any]:
    """The line about what the bank kept of another one."""
    return {"day": day, "amount": -amount, "currency": "eur", "fee_of": id_of(of)}


def id_of(told: Row) -> str:
    """What a line says is its id."""
    said = "|".join(str(told.get(name)) for name in ("day", "amount", "currency", "account", "words"))
    return hashlib.sha256(said.encode()).hexdigest()[:20]


class VillageRail:
    """Implements `booking.rail.Rail`."""

    name = NAME

    def gives_such_ids(self, movement: Movement) -> bool:
        """Twenty digits of a checksum; a gift is of itself, money that went back is of another one."""
        of_itself = movement.id == movement.gift
        return len(movement.id) == 20 and of_itself == (movement.kind == "gift")

    def tells_of_money(self, event_type: str) -> bool:
        """It has no events."""
        del event_type
        return False

    def moved(self, event_type: str, body: bytes) -> Sequence[Moved] | None:
        """It has no events."""
        del event_type, body
        return None


@dataclass
class LineNotification:
    """Implements `booking.rail.Notification`: one line of a statement."""

    told: Row
    deps: Deps

    @property
    def id(self) -> str:
        """What it says."""
        return id_of(self.told)

    def subject(self, find_gift: FindGift) -> Subject | Literal["ignored", "foreign"]:
        """Whoever has this account. Who only gets money from us must have given some before."""
        del find_gift
        account = f"{NAME}/{self.told['account']}"
        if (
            self.told["amount"] < 0
            and supporters.find_by_customer(self.deps.table, account, self.deps.email_key) is None
        ):
            return "foreign"
        return Subject(customer=account, addresses=lambda: [self.told["email"]])

    def is_known(self, state: State, find_gift: FindGift) -> bool:
        """It is booked."""
        del state
        return find_gift(self.id) is not None

    def facts(self, find_gift: FindGift) -> Facts | None:
        """A line never changes: what it says is how it stands."""
        del find_gift
        facts = Facts(customer=f"{NAME}/{self.told['account']}", currency=self.told["currency"])
        if self.told["amount"] > 0:
            return Facts(gifts=(self._moved("gift", self.id),), customer=facts.customer, currency=facts.currency)
        gift = self._given_back()
        taken = ReversalFacts(
            self.id, "refund", gift, -self.told["amount"], (self._moved("refund", gift.movement.id),)
        )
        return Facts(reversals=(taken,), customer=facts.customer, currency=facts.currency)

    def alongside(self, committing: Committing) -> Sequence[Change]:
        """A note that this line is dealt with."""
        return [Put({"pk": f"LINE#{self.id}", "sk": "LINE", "outcome": committing.outcome}, NEW)]

    def is_done(self) -> bool:
        """The note is there."""
        return self.deps.table.get((f"LINE#{self.id}", "LINE")) is not None

    def _moved(self, kind: Literal["gift", "refund"], gift: str) -> Movement:
        told = self.told
        amount, currency = told["amount"], told["currency"]
        return Movement(self.id, kind, gift, amount, currency, told["day"], livemode=False, rail=NAME)

    def _given_back(self) -> Booked:
        """The newest gift of this account of just this amount that was not given back yet."""
        supporter = supporters.find_by_customer(
            self.deps.table, f"{NAME}/{self.told['account']}", self.deps.email_key
        ) or SupporterId("")
        entries = [one for one in ledger.entries_of(self.deps.table, supporter) if isinstance(one, StoredEntry)]
        moved = [one.entry.movement for one in entries]
        back = {one.gift for one in moved if one.kind == "refund"}
        for one in entries:
            gift = one.entry.movement
            if gift.kind == "gift" and gift.amount == -self.told["amount"] and gift.id not in back:
                return Booked(supporter=supporter, **vars(one.entry))
        raise GiftNotFound


@dataclass
class VillageStatement:
    """Implements `booking.rail.Statement`: whatever the newsroom has fetched from the bank by now."""

    deps: Deps
    rows: list[Row] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    rail = NAME

    def lines(self, since: int, until: int) -> Iterator[Row]:
        """Newest first."""
        found = [one for one in self.rows if since <= one["day"] <= until]
        return iter(sorted(found, key=lambda one: -one["day"]))

    def made_at(self, raw: Row) -> int:
        """The day that it says."""
        return int(raw["day"])

    def read(self, raw: Row) -> Line | None:
        """What the bank kept is no movement of its own."""
        if "fee_of" in raw:
            return None
        kept = [-one["amount"] for one in self.rows if one.get("fee_of") == id_of(raw)]
        return Line(id_of(raw), raw["amount"], raw["currency"], Fee(kept[0], raw["currency"]) if kept else None)

    def notification(self, line: Line) -> Notification:
        """Of the line itself."""
        told = next(one for one in self.rows if "fee_of" not in one and id_of(one) == line.movement)
        return LineNotification(told, self.deps)

    def is_foreign(self, line: Line) -> bool:
        """Only booking finds that out."""
        del line
        return False

    def note_foreign(self, line: Line) -> None:
        """Noted for the test."""
        self.foreign.append(line.movement)

    def look_for(self, movement: str, kind: Kind, occurred_at: int) -> LineStatus:
        """The statement is all that the bank says."""
        del kind, occurred_at
        found = any("fee_of" not in one and id_of(one) == movement for one in self.rows)
        return "listed" if found else "unknown"
