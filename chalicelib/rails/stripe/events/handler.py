"""What a handler of one kind of event is: who it is about, and what it tells.

Two steps, because the supporter's state is read between them: a worker must read the state's version *before* it asks
Stripe how things stand, or it could overwrite newer news with older (decision 0005).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.booking.rail import FindGift
from chalicelib.booking.rules.facts import Facts
from chalicelib.kernel.ids import SupporterId
from chalicelib.rails.stripe.port import Stripe
from chalicelib.supporters.rules.state import State

# Our own mark and notes on Stripe's objects
MARK = "spilno"
SUPPORTER = "supporter"
LANGUAGE = "language"
CAMPAIGN = "campaign"
SOURCE = "source"
INTERVAL = "interval"

Snapshot = Mapping[str, Any]


@dataclass(frozen=True)
class Lookups:
    """Whom a handler may ask: Stripe, and the ledger for a gift by its payment."""

    stripe: Stripe
    booked: FindGift


@dataclass(frozen=True)
class Who:
    """Whom an event is about, as far as its snapshot says: what never changes may be taken from there.

    `email`: typed at Checkout. Where that is not told, `payment` or `subscription` lead to the checkout; only if
    there was none, the address counts that a payment was `billed_to` or that the customer has now, for those may be
    changed in the portal at any time, and must lead to nobody else. `booked_for`: the supporter in whose ledger the
    gift stands, which settles it.
    """

    metadata: Mapping[str, str] = field(default_factory=dict)
    customer: str | None = None
    email: str | None = None
    billed_to: str | None = None
    payment: str | None = None
    subscription: str | None = None
    booked_for: SupporterId | None = None

    @property
    def supporter(self) -> SupporterId | None:
        """The proven supporter who started it: only ever set by ourselves, from a session."""
        named = self.metadata.get(SUPPORTER)
        return None if named is None else SupporterId(named)

    def is_ours(self, site_id: str) -> bool:
        """Whether this newsroom's mark is on it, or the ledger knows it."""
        return self.booked_for is not None or self.metadata.get(MARK) == site_id


def _never(_snapshot: Snapshot, _sources: Lookups, _state: State) -> bool:
    return False


@dataclass(frozen=True)
class Handler:
    """`who` reads the snapshot (asking only for what is not in it), `facts` fetches everything anew.

    Either may answer None: the event is not about a gift. `known`: what is stored is provably newer than anything the
    event can tell, so that nothing needs to be fetched.
    """

    who: Callable[[Snapshot, Lookups], Who | None]
    facts: Callable[[Snapshot, Lookups], Facts | None]
    known: Callable[[Snapshot, Lookups, State], bool] = _never
