"""A check's findings: each a sentence, how much it matters, and what to do."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "note", "warning", "problem"]
LEVELS: tuple[Level, ...] = ("ok", "note", "warning", "problem")  # least first


@dataclass(frozen=True)
class Finding:
    """One thing that a check found.

    `code` is for machines and never changes; `says` is for people; `mend` says what to do, empty where nothing is.
    """

    code: str
    level: Level
    says: str
    mend: str = ""


def ok(code: str, says: str) -> Finding:
    """A finding that all is well."""
    return Finding(code, "ok", says)


def note(code: str, says: str, mend: str = "") -> Finding:
    """A finding that is good to know; nothing breaks."""
    return Finding(code, "note", says, mend)


def warning(code: str, says: str, mend: str) -> Finding:
    """A finding that something works less well than it could, or will break one day."""
    return Finding(code, "warning", says, mend)


def problem(code: str, says: str, mend: str) -> Finding:
    """A finding that affects readers, money or data now."""
    return Finding(code, "problem", says, mend)


def listing(words: "list[str] | tuple[str, ...]", most: int = 4) -> str:
    """List some of the words and count the rest: `a, b, c and 5 more`."""
    shown = ", ".join(words[:most])
    return f"{shown} and {len(words) - most} more" if len(words) > most else shown


def span(seconds: float) -> str:
    """A length of time as people say it: `40 seconds`, `3 hours`, `2 days`."""
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            count = round(seconds / size)
            return f"{count} {unit}{'' if count == 1 else 's'}"
    count = round(seconds)
    return f"{count} second{'' if count == 1 else 's'}"
