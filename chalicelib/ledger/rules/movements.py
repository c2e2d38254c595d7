"""Money that moved: the unit of the ledger. Every movement has one name at Stripe, and is booked once under it.

- `pi_…`: a gift arrived.
- `re_…`: a refund left. `re_…:failed`: the bank sent it back.
- `txn_…`: a dispute took money, or gave it back.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["gift", "refund", "dispute"]
FAILED = ":failed"  # after a refund's name: its money came back


@dataclass(frozen=True)
class Fee:
    """What Stripe kept, in minor units of the currency that the money settled in."""

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
    back of either +. `occurred_at` is its own `created` at Stripe. `payment_intent`: the gift that it is of.
    `fee` None: not known yet. `period`: only of a payment of a recurring gift.
    """

    id: str
    kind: Kind
    payment_intent: str
    amount: int
    currency: str
    occurred_at: int
    livemode: bool
    invoice: str | None = None
    subscription: str | None = None
    fee: Fee | None = None
    period: Period | None = None


@dataclass(frozen=True)
class Booked:
    """A gift as it stands in the ledger: enough to tell what a refund or a dispute is about without asking Stripe.

    `tier` and `days`: what it earned by the rules of the day it was booked on, which later rules do not change.
    """

    movement: Movement
    supporter: str
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
