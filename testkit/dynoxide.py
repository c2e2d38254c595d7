"""The second DynamoDB engine: dynoxide, a static binary that `make prove` fetches. DynamoDB only, no mail.

It starts in milliseconds. With a file it may be killed at any moment and goes on from there; without one it keeps all
in memory.
"""

import contextlib
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from localdev.ports import ROOT
from testkit.engine import Engine, answers
from testkit.ports import HOST, free_port
from testkit.waiting import until

BINARY = ROOT / ".dynoxide" / "dynoxide"


@dataclass
class Dynoxide:
    """One process, on a port that it keeps when it is started again. `database`: its file, None = in memory."""

    log: Path
    database: Path | None = None

    def __post_init__(self) -> None:
        self.engine = Engine(f"http://{HOST}:{free_port()}")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers.

        :raises RuntimeError: it was never fetched, or ended while starting.
        """
        if not BINARY.exists():
            raise RuntimeError("The second engine is not there. Call `make prove`, which fetches it.")
        port = self.engine.endpoint.rpartition(":")[2]
        on_disk = ("--db-path", str(self.database)) if self.database else ()
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                (str(BINARY), "serve", "--host", HOST, "--port", port, *on_disk),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._process = process
        until(lambda: answers(self.engine.endpoint, process), f"dynoxide on {self.engine.endpoint}", 20)

    def kill(self) -> None:
        """`kill -9`: no handler runs, nothing is flushed."""
        if self._process:
            self._process.kill()
            self._process.wait()


@contextlib.contextmanager
def running_dynoxide(directory: Path, *, on_disk: bool = False) -> Iterator[Dynoxide]:
    """Start one, in memory unless `on_disk`; it is gone afterwards."""
    started = Dynoxide(directory / "dynoxide.log", directory / "table.db" if on_disk else None)
    started.start()
    try:
        yield started
    finally:
        started.kill()
