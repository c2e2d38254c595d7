"""A table around another one: what the doubles of the table are made of, in the local stack and in the tests."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from chalicelib.kernel.table import Change, Delete, Item, ItemPage, Key, Put, Table, Update

Result = TypeVar("Result")


class Around:
    """`Table` that lets everything through. `before(call, what)` may raise, or do something first."""

    def __init__(self, inner: Table, before: Callable[[str, Any], None] = lambda _call, _what: None) -> None:
        self.inner, self.before = inner, before

    def _call(self, name: str, what: object, work: Callable[[], Result]) -> Result:
        """Every call but `describe`; `work` makes it."""
        self.before(name, what)
        return work()

    def get(self, key: Key, *, hurried: bool = False, eventual: bool = False) -> Item | None:
        """See the port."""
        return self._call("get", key, lambda: self.inner.get(key, hurried=hurried, eventual=eventual))

    def write(self, change: Put | Update | Delete) -> Item | None:
        """See the port."""
        return self._call("write", change, lambda: self.inner.write(change))

    def transact(self, changes: Sequence[Change]) -> None:
        """See the port."""
        self._call("transact", changes, lambda: self.inner.transact(changes))

    def query(
        self,
        pk: str,
        *,
        prefix: str = "",
        up_to: str | None = None,
        newest_first: bool = False,
        limit: int | None = None,
        start: Any = None,
    ) -> ItemPage:
        """See the port."""
        return self._call(
            "query",
            pk,
            lambda: self.inner.query(
                pk, prefix=prefix, up_to=up_to, newest_first=newest_first, limit=limit, start=start
            ),
        )

    def query_index(
        self,
        pk: str,
        *,
        up_to: str | None = None,
        after: str | None = None,
        limit: int | None = None,
        start: Any = None,
    ) -> ItemPage:
        """See the port."""
        return self._call(
            "query_index", pk, lambda: self.inner.query_index(pk, up_to=up_to, after=after, limit=limit, start=start)
        )

    def scan(self, *, start: Any = None) -> ItemPage:
        """See the port."""
        return self._call("scan", "", lambda: self.inner.scan(start=start))

    def describe(self) -> bool:
        """See the port."""
        return self.inner.describe()
