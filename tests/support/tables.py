"""Tables around the real one: with hooks before each call, or with a guard left out on purpose."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from chalicelib.kernel.table import Change, Condition, Delete, Item, Key, Page, Put, Table, Update


class Around:
    """`store.table.Table` that lets everything through. `before(call, what)` may raise, or do something first."""

    def __init__(self, inner: Table, before: Callable[[str, Any], None] = lambda _call, _what: None) -> None:
        self.inner, self.before = inner, before

    def get(self, key: Key) -> Item | None:
        """See the port."""
        self.before("get", key)
        return self.inner.get(key)

    def write(self, change: Put | Update | Delete) -> Item | None:
        """See the port."""
        self.before("write", change)
        return self.inner.write(change)

    def transact(self, changes: Sequence[Change]) -> None:
        """See the port."""
        self.before("transact", changes)
        self.inner.transact(changes)

    def query(
        self,
        pk: str,
        *,
        prefix: str = "",
        up_to: str | None = None,
        newest_first: bool = False,
        limit: int | None = None,
        start: Any = None,
    ) -> Page:
        """See the port."""
        self.before("query", pk)
        return self.inner.query(pk, prefix=prefix, up_to=up_to, newest_first=newest_first, limit=limit, start=start)

    def query_index(self, pk: str, *, up_to: str | None = None, limit: int | None = None, start: Any = None) -> Page:
        """See the port."""
        self.before("query_index", pk)
        return self.inner.query_index(pk, up_to=up_to, limit=limit, start=start)

    def scan(self, *, start: Any = None) -> Page:
        """See the port."""
        self.before("scan", "")
        return self.inner.scan(start=start)

    def describe(self) -> bool:
        """See the port."""
        return self.inner.describe()


class Unguarded(Around):
    """The negative control: changes to partitions that start with `prefix` lose their conditions, or go missing.

    `drop=True` leaves such changes out altogether, as if nobody had thought of them.
    """

    def __init__(self, inner: Table, prefix: str, sort: str = "", *, drop: bool = False) -> None:
        super().__init__(inner)
        self._prefix, self._sort, self._drop = prefix, sort, drop

    def write(self, change: Put | Update | Delete) -> Item | None:
        """See the port."""
        return self.inner.write(replace(change, only_if=()) if self._meant(change) else change)

    def transact(self, changes: Sequence[Change]) -> None:
        """See the port."""
        kept = [change for change in changes if not (self._drop and self._meant(change))]
        self.inner.transact([self._bare(change) if self._meant(change) else change for change in kept])

    def _meant(self, change: Change) -> bool:
        pk, sk = (change.item["pk"], change.item["sk"]) if isinstance(change, Put) else change.key
        return bool(pk.startswith(self._prefix) and sk.startswith(self._sort))

    @staticmethod
    def _bare(change: Change) -> Change:
        nothing: tuple[Condition, ...] = ()
        return replace(change, only_if=nothing)
