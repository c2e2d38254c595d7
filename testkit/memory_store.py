"""The store of objects in memory: what tests put in the place of the deployment's bucket."""

from collections.abc import Iterator

from chalicelib.kernel.object_store import StoreUnavailable


class MemoryStore:
    """`kernel.object_store.ObjectStore`; `down` makes each call raise."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.down = False

    def store_object(self, name: str, body: bytes) -> None:
        """See the port."""
        self._asked()
        self.objects[name] = body

    def stored_object(self, name: str) -> bytes:
        """See the port."""
        self._asked()
        return self.objects[name]

    def stored_names(self, prefix: str) -> Iterator[str]:
        """See the port."""
        self._asked()
        return iter(sorted(name for name in self.objects if name.startswith(prefix)))

    def _asked(self) -> None:
        if self.down:
            raise StoreUnavailable("test")
