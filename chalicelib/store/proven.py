"""Where an address was proven before: browsers and networks that signed in with it.

They decide nothing about access. They only keep a budget of sign-in mails of their own, so that a stranger cannot use
up what the owner of an address needs. No address stands here, of a reader or of a network: only keyed hashes.
"""

from collections.abc import Iterable
from functools import partial

from chalicelib.store import keys
from chalicelib.store.table import Put, Table, every

KEPT = 400 * 86_400  # seconds after the last sign-in there: longer than a session lives


def remember(table: Table, hashed: str, places: Iterable[str], now: int, *, kept: int = KEPT) -> None:
    """An address (by its keyed hash) was proven in these places. `now` in real seconds."""
    for place in places:
        pk, sk = keys.proven(hashed, place)
        table.write(Put({"pk": pk, "sk": sk, "expires": now + kept}))


def places(table: Table, hashed: str, now: int) -> frozenset[str]:
    """Where this address was proven before, as far as that is remembered."""
    pk, prefix = keys.proven(hashed, "")
    rows = every(partial(table.query, pk))
    return frozenset(str(row["sk"]).removeprefix(prefix) for row in rows if int(row["expires"]) > now)
