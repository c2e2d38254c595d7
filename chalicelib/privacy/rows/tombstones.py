"""What is kept of an erased supporter so that nothing brings them back: in the table, and outside of it.

In the table a row for each customer at Stripe leads to the id that leads nowhere. Outside lies an object for each
supporter, with keyed hashes and nothing else, written before the first row goes: a restored table is older than the
erasure, and holds no such rows.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chalicelib.kernel import ids, keys
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.object_store import ObjectStore
from chalicelib.kernel.table import Put
from chalicelib.supporters.rows import supporters

PREFIX = "erased/"


@dataclass(frozen=True)
class Tombstone:
    """An erasure as it is kept outside the table. `supporters`, `customers`: keyed hashes; `at`: when it began."""

    supporters: tuple[str, ...]
    customers: tuple[str, ...]
    at: BusinessTime


def hash_of(supporter: SupporterId, key: str) -> str:
    """The keyed hash of a supporter's id; of no use for anything else."""
    return ids.keyed_hash(key, f"erased-supporter:{supporter}")


def bury(
    objects: ObjectStore,
    whom: Iterable[SupporterId],
    customers: Iterable[str],
    *,
    key: str,
    asked_at: BusinessTime,
    at: BusinessTime,
) -> Tombstone:
    """Write the object of an erasure; again for the same request it is written in the place of the one before.

    One of an earlier request stays: the table that is erased now may be a restored one, which knows less.

    :param whom: the supporter first, then the records that were joined to them.
    :param customers: all of theirs at Stripe.
    :param asked_at: when the request came.
    :raises StoreUnavailable: nothing of the supporter may be erased yet.
    """
    buried = tuple(hash_of(one, key) for one in whom)
    stone = Tombstone(buried, tuple(sorted(supporters.customer_hash(one, key) for one in customers)), at)
    body = {"supporters": stone.supporters, "customers": stone.customers, "at": stone.at}
    objects.store_object(f"{PREFIX}{buried[0]}-{asked_at}.json", json.dumps(body, separators=(",", ":")).encode())
    return stone


def every_one(objects: ObjectStore) -> Iterator[Tombstone]:
    """All erasures that are kept outside the table.

    :raises StoreUnavailable: some of them were not read.
    """
    for name in objects.stored_names(PREFIX):
        found = json.loads(objects.stored_object(name))
        yield Tombstone(tuple(found["supporters"]), tuple(found["customers"]), BusinessTime(found["at"]))


def mark(hashed: str, supporter: SupporterId) -> Put:
    """The change that writes the row of one customer, by its keyed hash."""
    pk, sk = keys.tombstone(hashed)
    return Put({"pk": pk, "sk": sk, "supporter": supporter})
