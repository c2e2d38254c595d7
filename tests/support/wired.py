"""The app of this process wired to a newsroom of a test's own, and to none afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from chalicelib import wiring
from chalicelib.wiring import Wiring

Newsroom = TypeVar("Newsroom", bound=Wiring)


@contextmanager
def wired_to(newsroom: Newsroom) -> Iterator[Newsroom]:
    """As long as the block lasts; whatever a command has installed in the meantime is gone, too."""
    wiring.install(newsroom)
    try:
        yield newsroom
    finally:
        wiring.uninstall()
