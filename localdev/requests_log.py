"""The app's requests and the steps that it takes, one short line each, shown in the terminal of `make run`.

The app writes to a file and the supervisor shows it, only to a terminal: a pipe that nobody empties would stop
the app in the middle of a request.
"""

import contextlib
import sys
from pathlib import Path


class RequestsLog:
    """`file` is where the app writes; empty at each start."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.file.write_bytes(b"")
        self._shown = 0

    def show_new(self) -> None:
        """Print what came since the last time."""
        if not sys.stdout.isatty():
            return
        with self.file.open("rb") as stream:
            stream.seek(self._shown)
            new = stream.read()
        self._shown += len(new)
        if new:
            with contextlib.suppress(OSError):
                sys.stdout.write(new.decode(errors="replace"))
                sys.stdout.flush()
