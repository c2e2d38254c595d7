"""Tables around the real one: with hooks before each call, or with a guard left out on purpose."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.kernel.table import Change, Condition, Delete, Item, Put, Table, Update
from localdev.around import Around

__all__ = ["Around", "Unguarded"]


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
