"""Movements of money: the unit of the ledger. Each has one id, given by its rail, and is booked once under it."""

from dataclasses import dataclass, field
from typing import Literal

from chalicelib.kernel.ids import SupporterId

Kind = Literal["gift", "refund", "dispute"]
FAILED = ":failed"  # after a refund's id: its money came back
STRIPE = "stripe"  # the rail of every entry from before entries said it


@dataclass(frozen=True)
class Fee:
    """What the provider kept, in minor units of the currency that the money settled in."""

    amount: int
    currency: str


@dataclass(frozen=True)
class Period:
    """The time that a payment of a recurring gift pays for, seconds UTC, the end excluded."""

    start: int
    end: int


@dataclass(frozen=True)
class Movement:
    """One movement of money.

    `amount` is signed, in minor units of `currency`: a gift +, a refund -, what a dispute withdraws -, what comes
    back of either +. `gift`: the id of the gift that it is of; a gift is of itself. `rail`: on which it moved, and
    by which its id was given. `recurring` and `invoice`: of a payment of a recurring gift, of which one, for which
    bill. `fee` None: not known yet. `period`: only of a payment of a recurring gift.
    """

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
    period: Period | None = None
    rail: str = field(kw_only=True)


@dataclass(frozen=True)
class Booked:
    """A gift as it stands in the ledger: enough to say what a refund or a dispute is about without a question.

    `tier` and `days`: what it earned by the rules of the day it was booked on, which later rules do not change.
    """

    movement: Movement
    supporter: SupporterId
    campaign: str | None = None
    source: str | None = None
    tier: str | None = None
    days: int | None = None


@dataclass(frozen=True)
class Entry:
    """A ledger entry to be. `tier` and `days`: what a gift earned when it was booked, by the rules of that day."""

    movement: Movement
    campaign: str | None = None
    source: str | None = None
    tier: str | None = None
    days: int | None = None
