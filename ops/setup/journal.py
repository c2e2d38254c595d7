"""The output of setup, and the list at its end. Every change goes through here, so that a dry run makes none."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from ops.output import say

Made = TypeVar("Made")


@dataclass
class Journal:
    """What one run changed, found right and left to a person. `dry`: say what would change, and change nothing."""

    dry: bool = False
    changed: list[str] = field(default_factory=list)
    fine: list[str] = field(default_factory=list)
    remaining: list[str] = field(default_factory=list)

    def heading(self, text: str) -> None:
        """Print the heading of a step."""
        say()
        say(text, bold=True)

    def say(self, text: str) -> None:
        """Explain, or show what a person needs to read."""
        for line in text.splitlines() or [""]:
            say(f"  {line}".rstrip())

    def right(self, text: str) -> None:
        """Note that something is as it should be already."""
        say(f"  = {text}")
        self.fine.append(text)

    def change(self, text: str, make: Callable[[], Made]) -> Made | None:
        """Say a change, then make it; answers what `make` answers, or None in a dry run, which only says it.

        Said first, so that whoever presses Ctrl-C, or sees it fail, knows what was under way.
        """
        if self.dry and text in self.changed:
            return None
        say(f"  {'would' if self.dry else '+'} {text}")
        made = None if self.dry else make()
        self.changed.append(text)
        return made

    def remains(self, text: str, *, loud: bool = False) -> None:
        """Note something that only a person can do."""
        first, *more = text.splitlines()
        say(f"  ! {first}", bold=loud, red=loud)
        for line in more:
            say(f"    {line}")
        self.remaining.append(text)

    def summary(self, next_command: str) -> None:
        """Print what was changed, what was right already, what remains, and what to run next."""
        self._list("Would be changed" if self.dry else "Changed", self.changed)
        self._list("Right already", self.fine)
        self._list("For you to do", self.remaining)
        say()
        if self.dry:
            say("This was a dry run: nothing was changed. Run the same without --dry-run to do it.")
        else:
            say(f"Next: {next_command}")

    def _list(self, title: str, lines: list[str]) -> None:
        if not lines:
            return
        say()
        say(f"{title}:", bold=True)
        for number, line in enumerate(lines, 1):
            first, *more = line.splitlines()
            say(f"  {number}. {first}")
            for rest in more:
                say(f"     {rest}")
