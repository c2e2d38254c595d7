"""A supporter's state as one value: what apply_event reads, changes and writes back under its version."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.domain.access import Standing


@dataclass(frozen=True)
class Profile:
    """Who they are. The address stands here and nowhere else; times in seconds, UTC."""

    email: str
    language: str
    created_at: int


@dataclass(frozen=True)
class State:
    """What access follows from, with the version that every write checks.

    `epoch` counts sign-outs everywhere: sessions of an older epoch are over. `customers` names the Stripe customer
    by currency, as Stripe lets one customer hold subscriptions in one currency only.
    """

    id: str
    version: int = 0
    epoch: int = 0
    standing: Standing = field(default_factory=Standing)
    customers: Mapping[str, str] = field(default_factory=dict)
