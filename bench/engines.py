"""Tables with many supporters: on dynoxide when it is there, else on local AWS, which takes much longer to fill."""

import contextlib
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from bench.seeding import import_into, write_in_batches
from chalicelib.kernel.table import Item
from testkit.dynoxide import BINARY, Dynoxide
from testkit.engine import Engine, make_table, running_engine

TABLE = "bench"


def has_dynoxide() -> bool:
    """Whether the second engine was fetched."""
    return BINARY.exists()


def name(*, dynoxide: bool) -> str:
    """The engine and its version, as a reader of the figures wants to know it."""
    if not dynoxide:
        return "ministack"
    told = subprocess.run((str(BINARY), "--version"), check=True, capture_output=True, text=True)  # noqa: S603 - ours
    return told.stdout.strip()


@contextlib.contextmanager
def populated(directory: Path, everything: Iterable[Item], *, dynoxide: bool) -> Iterator[Engine]:
    """An engine whose table `bench` holds these rows; it ends with the block."""
    if dynoxide:
        database = directory / "table.db"
        import_into(BINARY, database, TABLE, everything)
        started = Dynoxide(directory / "dynoxide.log", database)
        started.start()
        try:
            yield started.engine
        finally:
            started.kill()
        return
    with running_engine(directory) as engine:
        dynamodb = engine.client("dynamodb")
        make_table(dynamodb, TABLE)
        write_in_batches(dynamodb, TABLE, everything)
        yield engine
