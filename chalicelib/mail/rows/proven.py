"""Where an address was proven before: browsers and networks that signed in with it.

They decide nothing about access. They only keep a budget of sign-in mails of their own, so that a stranger cannot use
up what the owner of an address needs. No address stands here, of a reader or of a network: only keyed hashes.
"""

from collections.abc import Iterable
from functools import partial

from chalicelib.kernel import keys
from chalicelib.kernel.moments import RealTime
from chalicelib.kernel.table import Put, Table, every

ASKED = "asked"  # the one row that is no place
_ASKED_KEPT = 86_400  # seconds: what comes back for good does so within hours
KEPT = 400 * 86_400  # seconds after the last sign-in there: longer than a session lives


def remember(table: Table, hashed: str, places: Iterable[str], now: RealTime, *, kept: int = KEPT) -> None:
    """An address (by its keyed hash) was proven in these places."""
    for place in places:
        pk, sk = keys.proven(hashed, place)
        table.write(Put({"pk": pk, "sk": sk, "expires": now + kept}))


def asked(table: Table, hashed: str, by: str, now: RealTime) -> None:
    """This client (a keyed hash) asked for a mail to this address. Only the last one is remembered."""
    pk, sk = keys.proven(hashed, ASKED)
    table.write(Put({"pk": pk, "sk": sk, "by": by, "expires": now + _ASKED_KEPT}))


def asked_by(table: Table, hashed: str, now: RealTime) -> str | None:
    """Which client asked last, if that was within a day."""
    item = table.get(keys.proven(hashed, ASKED))
    return str(item["by"]) if item and int(item["expires"]) > now else None


def places(table: Table, hashed: str, now: RealTime) -> frozenset[str]:
    """Where this address was proven before, as far as that is remembered."""
    pk, prefix = keys.proven(hashed, "")
    rows = every(partial(table.query, pk))
    found = {str(row["sk"]).removeprefix(prefix) for row in rows if int(row["expires"]) > now}
    return frozenset(found - {ASKED})
