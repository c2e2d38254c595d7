"""Entries as they are read from the table: whole, as the index lists them, or unreadable."""

from dataclasses import dataclass
from typing import Literal

from chalicelib.kernel.ids import SupporterId
from chalicelib.ledger.rules.movements import Entry, Fee, Kind


@dataclass(frozen=True)
class StoredEntry:
    """An entry with its supporter and its sort key (`place`).

    `wrong`: it has another key than it would be written under (`place`), or the index lists it under another key or
    not at all (`listing`).
    """

    supporter: SupporterId
    place: str
    entry: Entry
    wrong: Literal["place", "listing"] | None = None


@dataclass(frozen=True)
class ListedEntry:
    """An entry as the index lists it; fields as in `Movement`.

    The index does not copy the source, what the gift earned, or the period that it pays for.
    """

    supporter: SupporterId
    rail: str
    id: str
    kind: Kind
    gift: str
    amount: int
    currency: str
    occurred_at: int
    livemode: bool
    invoice: str | None = None
    recurring: str | None = None
    fee: Fee | None = None
    campaign: str | None = None


@dataclass(frozen=True)
class UnreadableEntry:
    """A row under an entry's key that cannot be read: which attribute (`part`) is wrong, and where it stands.

    `movement` and `occurred_at` are taken from its key; `name` is what a person finds it by. `amount` and `currency`
    are as stored, of any type; `campaign` only if it is text.
    """

    supporter: SupporterId
    place: str
    part: str
    name: str
    movement: str
    occurred_at: int | None = None
    amount: object = None
    currency: object = None
    campaign: str | None = None


class EntryUnreadable(ValueError):
    """A ledger entry that is needed cannot be read: a person must look at its row."""

    def __init__(self, found: UnreadableEntry) -> None:
        super().__init__(f"The ledger's entry of {found.movement} cannot be read: its {found.part} is wrong.")
