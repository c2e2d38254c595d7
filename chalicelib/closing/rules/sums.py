"""The sums of a day: for each currency how many movements each side has, what they add up to, and a hash of the set.

Two sides that have the same count and sum may still have different movements; the same hash tells that they do not.
It is a sum, so that the order in which movements are added does not matter, and a day can be gone on with later.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

_HASH_BYTES = 16
_HASHES = 1 << (8 * _HASH_BYTES)


@dataclass(frozen=True)
class Side:
    """What one side has of a day in a currency. `amount`: the sum, signed, minor units. `digest`: the set's hash."""

    count: int = 0
    amount: int = 0
    digest: int = 0

    def plus(self, movement: str, amount: int, currency: str) -> "Side":
        """With one movement more."""
        hashed = hashlib.sha256(f"{movement}|{amount}|{currency}".encode()).digest()
        digest = int.from_bytes(hashed[:_HASH_BYTES], "big")
        return Side(self.count + 1, self.amount + amount, (self.digest + digest) % _HASHES)


@dataclass(frozen=True)
class Sides:
    """Both sides of a day in one currency."""

    provider: Side = field(default_factory=Side)
    ledger: Side = field(default_factory=Side)


DaySums = Mapping[str, Sides]  # by currency


def with_line(sums: DaySums, movement: str, amount: int, currency: str) -> DaySums:
    """The sums with a movement more on the provider's side."""
    one = sums.get(currency, Sides())
    return {**sums, currency: replace(one, provider=one.provider.plus(movement, amount, currency))}


def with_entry(sums: DaySums, movement: str, amount: int, currency: str) -> DaySums:
    """The sums with a movement more on the ledger's side."""
    one = sums.get(currency, Sides())
    return {**sums, currency: replace(one, ledger=one.ledger.plus(movement, amount, currency))}


def agree(sums: DaySums) -> bool:
    """Whether both sides have the same movements in every currency."""
    return all(one.provider == one.ledger for one in sums.values())
