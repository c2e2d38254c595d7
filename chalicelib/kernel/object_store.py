"""The port to a store of small objects outside the table: what the code may ask of it, without anything of AWS."""

from collections.abc import Iterator
from typing import Protocol

from chalicelib.kernel.outages import Outage


class StoreUnavailable(Outage):
    """The store did not answer, or none is set. Whether an object was written is not known."""


class ObjectStore(Protocol):
    """A store of objects by name. Every method may raise `StoreUnavailable`."""

    def store_object(self, name: str, body: bytes) -> None:
        """Write an object, in the place of one of the same name."""

    def stored_object(self, name: str) -> bytes:
        """Read an object."""

    def stored_names(self, prefix: str) -> Iterator[str]:
        """The names of all objects that begin so."""
