"""The negative control of the rehearsal: an app from which a guard of uniqueness was left out.

Only on the local stack, only when SPILNO_LEAVE_OUT=movement_guard is set: a rehearsal of it must find money doubled.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from chalicelib.kernel.table import Change, Delete, Item, Key, Page, Put, Table, Update

SETTING, GUARD = "SPILNO_LEAVE_OUT", "movement_guard"


class Unguarded:
    """`store.table.Table` where movements are not guarded, and entries and mails take the place of earlier ones.

    These two would stand in the way of a second booking as well: the entry by its time, the mail by its payment.
    """

    def __init__(self, inner: Table) -> None:
        self._inner = inner

    def transact(self, changes: Sequence[Change]) -> None:
        """See the port."""
        kept = [change for change in changes if not _key(change)[0].startswith("MONEY#")]
        self._inner.transact([_bare(change) if _stands_in_the_way(change) else change for change in kept])

    def get(self, key: Key) -> Item | None:
        """See the port."""
        return self._inner.get(key)

    def write(self, change: Put | Update | Delete) -> Item | None:
        """See the port."""
        return self._inner.write(change)

    def query(self, pk: str, **more: Any) -> Page:
        """See the port."""
        return self._inner.query(pk, **more)

    def query_index(self, pk: str, **more: Any) -> Page:
        """See the port."""
        return self._inner.query_index(pk, **more)

    def scan(self, *, start: Any = None) -> Page:
        """See the port."""
        return self._inner.scan(start=start)

    def describe(self) -> bool:
        """See the port."""
        return self._inner.describe()


def _key(change: Change) -> Key:
    return (change.item["pk"], change.item["sk"]) if isinstance(change, Put) else change.key


def _stands_in_the_way(change: Change) -> bool:
    pk, sk = _key(change)
    return pk.startswith("MAIL#") or (pk.startswith("SUP#") and sk.startswith("MONEY#"))


def _bare(change: Change) -> Change:
    return replace(change, only_if=())
