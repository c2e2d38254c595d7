"""A supporter's state as one value: what apply_event reads, changes and writes back under its version."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime
from chalicelib.supporters.rules.access import Standing


@dataclass(frozen=True)
class Profile:
    """Who they are. The address stands here and nowhere else.

    `email` is empty while nobody knows an address of theirs that mail can go to: `ops supporter correct`.
    """

    email: EmailAddress
    language: str
    created_at: BusinessTime


@dataclass(frozen=True)
class State:
    """What access follows from, with the version that every write checks.

    `epoch` counts sign-outs everywhere: sessions of an older epoch are over. `customers` names the Stripe customer
    by currency, as Stripe lets one customer hold subscriptions in one currency only. `moved_to`: who has this one's
    address now, when a correction found that both are the same person; what is still told of this one is theirs.
    """

    id: SupporterId
    version: int = 0
    epoch: int = 0
    standing: Standing = field(default_factory=Standing)
    customers: Mapping[str, str] = field(default_factory=dict)
    moved_to: SupporterId | None = None
