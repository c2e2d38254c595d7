"""A supporter's state as one value, which booking reads, changes and writes back under its version."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime
from chalicelib.supporters.rules.access import RecurringGift, Standing


@dataclass(frozen=True)
class Profile:
    """A supporter's address and language.

    `email` is empty while we know no address of theirs that mail can go to; `ops supporter correct` sets one.
    `proven_at`: when a code that went to this address came back first, by signing in or in a change of the address;
    None: never, or by a sign-in of an earlier release.
    """

    email: EmailAddress
    language: str
    created_at: BusinessTime
    proven_at: BusinessTime | None = None


@dataclass(frozen=True)
class State:
    """A supporter's state: what access follows from, with the version that every write checks.

    `epoch` counts sign-outs everywhere: sessions of an older epoch are over. `customers`: the
    provider's customer for each currency (Stripe's limit: one customer, subscriptions in one currency). `moved_to`:
    who has this one's address now, as a correction found that both are one person; what is still reported about this
    one is booked to them. `erased`: when they were; what is still reported about them is money without a person.
    """

    id: SupporterId
    version: int = 0
    epoch: int = 0
    standing: Standing = field(default_factory=Standing)
    customers: Mapping[str, str] = field(default_factory=dict)
    moved_to: SupporterId | None = None
    erased: BusinessTime | None = None


def stored_gift(state: State, gift_id: str) -> RecurringGift:
    """The gift of this id in a supporter's state.

    :raises NotFound: `unknown_gift`: there is none, or it is somebody else's.
    """
    gift = next((one for one in state.standing.recurring if one.id == gift_id), None)
    if gift is None:
        raise NotFound("We do not know this support.", code="unknown_gift")
    return gift
