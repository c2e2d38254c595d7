"""The store of objects in memory: what tests put in the place of the deployment's bucket."""

from collections.abc import Iterator

from chalicelib.kernel.object_store import StoreUnavailable


class MemoryStore:
    """`kernel.object_store.ObjectStore`; `down` makes each call raise, those that write with `down_for_writing`.

    With `forgets_to_answer` what is written is there, and the call raises all the same.
    """

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.down = self.down_for_writing = self.forgets_to_answer = False

    def store_object(self, name: str, body: bytes) -> None:
        """See the port."""
        self._asked()
        if self.down_for_writing:
            raise StoreUnavailable("test")
        self.objects[name] = body
        if self.forgets_to_answer:
            raise StoreUnavailable("test")

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
