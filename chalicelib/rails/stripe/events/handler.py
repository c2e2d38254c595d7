"""The handler of one kind of event: two functions that say whom it is about, and what the facts are.

They are two, because the supporter's state is read between them: a worker must read the state's version *before* it
fetches the facts from Stripe, or it could overwrite newer facts with older ones (decision 0005).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.booking.rail import FindGift
from chalicelib.booking.rules.facts import Facts
from chalicelib.kernel.ids import SupporterId
from chalicelib.rails.stripe.metadata import MARK, SUPPORTER
from chalicelib.rails.stripe.port import Stripe
from chalicelib.supporters.rules.state import State

Snapshot = Mapping[str, Any]


@dataclass(frozen=True)
class Lookups:
    """What a handler may ask: Stripe, and the ledger for a gift by its payment's id."""

    stripe: Stripe
    booked: FindGift


@dataclass(frozen=True)
class Who:
    """Whom an event is about, by what never changes of its snapshot.

    `email`: typed at Checkout. Where it is empty, `payment` or `subscription` lead to the checkout and its address.
    Only if there was no checkout, the address counts that a payment was `billed_to`, or else the customer's: readers
    can change those in the portal at any time, and such a change must not lead to another supporter. `booked_for`:
    the supporter in whose ledger the gift stands; it outranks all others.
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
        """The supporter in the metadata, proven: only we write it, from a signed-in session."""
        named = self.metadata.get(SUPPORTER)
        return None if named is None else SupporterId(named)

    def is_ours(self, site_id: str) -> bool:
        """Whether it bears this newsroom's mark, or its gift is in the ledger."""
        return self.booked_for is not None or self.metadata.get(MARK) == site_id


def _never(_snapshot: Snapshot, _sources: Lookups, _state: State) -> bool:
    return False


@dataclass(frozen=True)
class Handler:
    """The handler of one kind of event. `who` reads the snapshot and asks only for what is not in it.

    `facts` fetches everything anew. Either may answer None: the event is not about a gift. `known` says whether the
    stored state is provably newer than anything in the event, so that nothing needs to be fetched.
    """

    who: Callable[[Snapshot, Lookups], Who | None]
    facts: Callable[[Snapshot, Lookups], Facts | None]
    known: Callable[[Snapshot, Lookups, State], bool] = _never
