"""Movements of money, the unit of the ledger. Each has an id from its rail, under which it is booked once."""

from dataclasses import dataclass, field
from typing import Literal

from chalicelib.kernel.ids import SupporterId

Kind = Literal["gift", "refund", "dispute"]
FAILED = ":failed"  # ends the id of a failed refund: after the refund's own
STRIPE = "stripe"  # also the rail of every entry of an earlier release, which has none


@dataclass(frozen=True)
class Fee:
    """What the provider kept of a movement, in minor units of the currency that the money settled in."""

    amount: int
    currency: str


@dataclass(frozen=True)
class MethodOfPayment:
    """How a gift was paid, in the provider's words: `kind` is `card`, `sepa_debit`, `paypal` or another.

    `brand`: of a card. `last4`: the last digits of the card or the account, where there are any.
    """

    kind: str
    brand: str | None = None
    last4: str | None = None


@dataclass(frozen=True)
class Period:
    """The time that a payment of a recurring gift pays for, in seconds since 1970, UTC, the end excluded."""

    start: int
    end: int


@dataclass(frozen=True)
class Movement:
    """Money that moved once, on one rail: a gift, a refund, or what a dispute took or gave back.

    `amount`: in minor units of `currency`, signed: + a gift, - a refund, - what a dispute withdraws, + what comes
    back of either. `gift`: the id of the gift that it belongs to; for a gift, its own. `rail`: on which it moved,
    and which gave its id. `occurred_at`: seconds since 1970, UTC. `fee` None: not known yet. Only for a payment of a
    recurring gift: `recurring` (that gift's id), `invoice` and `period`. `method`, `payer` (the name that was given
    with the payment): only of a gift, and only where the provider says them.
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
    method: MethodOfPayment | None = None
    payer: str | None = None
    rail: str = field(kw_only=True)


@dataclass(frozen=True)
class Booked:
    """A gift as it stands in the ledger: all that a refund or a dispute of it needs, without asking the provider.

    `tier` and `days`: what it earned by the rules of the day it was booked; later rules do not change them.
    """

    movement: Movement
    supporter: SupporterId
    campaign: str | None = None
    source: str | None = None
    tier: str | None = None
    days: int | None = None


@dataclass(frozen=True)
class Entry:
    """A ledger entry: a movement with what is booked beside it.

    `tier` and `days`: what a gift earned by the rules of the day it was booked; later rules do not change them.
    """

    movement: Movement
    campaign: str | None = None
    source: str | None = None
    tier: str | None = None
    days: int | None = None
