"""How far CloudFormation is, while one waits for it."""

import sys

from ops.output import say, under_way


class Progress:
    """Shows progress: one line that changes, on a terminal; elsewhere a line whenever the stack's state changes."""

    def __init__(self) -> None:
        self._last, self._terminal = "", sys.stderr.isatty()

    def show(self, text: str) -> None:
        """Show the state now, such as `update in progress: 3 parts done`."""
        if self._terminal:
            under_way(f"  {text}")
        elif text.partition(":")[0] != self._last.partition(":")[0]:
            say(f"  {text}", err=True)
        self._last = text

    def end(self) -> None:
        """End the line, so that what is printed next begins a new one."""
        if self._terminal:
            say(err=True)
