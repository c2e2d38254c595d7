"""Where an address was proven before: the browsers and networks that signed in with it.

They give no access. Each has a budget of sign-in mails of its own, so that strangers cannot use up what the owner of
an address needs. Neither e-mail nor network addresses are stored: only keyed hashes.
"""

from collections.abc import Iterable
from functools import partial

from chalicelib.kernel import keys
from chalicelib.kernel.moments import RealTime
from chalicelib.kernel.table import Put, Table, every

ASKED = "asked"  # the one row that is no place: who asked last
_ASKED_KEPT = 86_400  # seconds: permanent bounces come within hours
KEPT = 400 * 86_400  # seconds after the last sign-in there: longer than a session lives


def remember(table: Table, hashed: str, places: Iterable[str], now: RealTime, *, kept: int = KEPT) -> None:
    """Note for `kept` seconds that an address (its keyed hash) was proven in these places."""
    for place in places:
        pk, sk = keys.proven(hashed, place)
        table.write(Put({"pk": pk, "sk": sk, "expires": now + kept}))


def asked(table: Table, hashed: str, by: str, now: RealTime) -> None:
    """Note that this client (a keyed hash) asked for a mail to this address. Only the last one is remembered."""
    pk, sk = keys.proven(hashed, ASKED)
    table.write(Put({"pk": pk, "sk": sk, "by": by, "expires": now + _ASKED_KEPT}))


def asked_by(table: Table, hashed: str, now: RealTime) -> str | None:
    """The client (a keyed hash) that asked for a mail to this address last, if that was within a day."""
    item = table.get(keys.proven(hashed, ASKED))
    return str(item["by"]) if item and int(item["expires"]) > now else None


def places(table: Table, hashed: str, now: RealTime) -> frozenset[str]:
    """The places where this address was proven before, as far as they are remembered."""
    pk, prefix = keys.proven(hashed, "")
    rows = every(partial(table.query, pk))
    found = {str(row["sk"]).removeprefix(prefix) for row in rows if int(row["expires"]) > now}
    return frozenset(found - {ASKED})
