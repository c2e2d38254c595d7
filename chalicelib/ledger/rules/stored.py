"""Entries as they are read back: whole, as the index lists them, and those that cannot be read."""

from dataclasses import dataclass
from typing import Literal

from chalicelib.kernel.ids import SupporterId
from chalicelib.ledger.rules.movements import Entry, Fee, Kind


@dataclass(frozen=True)
class StoredEntry:
    """An entry with where it stands: in whose ledger, and under which sort key (`place`).

    `wrong`: it does not stand where it would be written (`place`), or is listed elsewhere or not at all (`listing`).
    """

    supporter: SupporterId
    place: str
    entry: Entry
    wrong: Literal["place", "listing"] | None = None


@dataclass(frozen=True)
class ListedEntry:
    """An entry as the index lists it, in the words of a `Movement`.

    The index copies no more: not the source, not what the gift earned, not the period that it pays for.
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
    """A row in an entry's place that is none: which `part` of it is wrong, and where it stands.

    `movement` and `occurred_at` as its key says them; `name`: by which a person finds it. `amount` and `currency` are
    what stands there, whatever it is; `campaign` only if it may be one.
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
    """An entry that is needed cannot be read: a person must look at its row."""

    def __init__(self, found: UnreadableEntry) -> None:
        super().__init__(f"The ledger's entry of {found.movement} cannot be read: its {found.part} is wrong.")
