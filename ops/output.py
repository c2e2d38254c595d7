r"""What the operator's commands print: for a person, or one JSON value a line for a machine.

All output goes through here, so that no text from outside controls the terminal: an address, a source or a type of
event may hold an escape sequence, a mark that reverses the direction of text, or a line break that begins a line of
its own. Such a character is shown by its code: `\x1b`, `\u202e`.
"""

import json
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import click

# Control characters of both sets, line and paragraph separators, surrogates, and format characters. Not the two
# joiners, which words of some scripts need.
_UNSAFE_KINDS = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_JOINERS = "\u200c\u200d"
_MAYBE_UNSAFE = re.compile("[^ -~]")  # cheap: plain ASCII needs no closer look
_EVERY = 500  # rows between two messages about the progress
_LARGEST = 0xFFFF  # that one \uXXXX of JSON can say


def emit(value: Any) -> None:
    """Print a JSON value on one line, flushed, so that a pipe sees it at once. Parsed again, it is the same value."""
    click.echo(_replaced(json.dumps(value, ensure_ascii=False), _for_json))


def say(text: str = "", *, err: bool = False, bold: bool = False, red: bool = False) -> None:
    """Print sentences of ours, of one or more lines; text from outside in them goes through `one_line` first."""
    click.secho(_lines(text), err=err, bold=bold or None, fg="red" if red else None)


def under_way(text: str) -> None:
    """Print a line on standard error in the place of the one before; only for a terminal."""
    click.echo(f"\r\033[K{one_line(text)}", nl=False, err=True)


def counted_up() -> Callable[[int], None]:
    """A function that shows a count of rows on standard error; on a terminal only."""
    if not sys.stderr.isatty():
        return lambda _rows: None

    def count(rows: int) -> None:
        if rows % _EVERY == 0:
            under_way(f"{rows:,} rows read")

    return count


def table(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], nothing: str) -> None:
    """Print rows under their columns' names; the sentence `nothing` when there are none."""
    cells = [[_cell(row.get(column)) for column in columns] for row in rows]
    if not cells:
        say(nothing)
        return
    widths = [max(len(line[at]) for line in [list(columns), *cells]) for at in range(len(columns))]
    for line in [list(columns), *cells]:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def one_line(text: object) -> str:
    """A text from anywhere, made safe to print in one line of a terminal."""
    return _replaced(str(text), lambda letter: letter.encode("unicode_escape").decode())


def end_with_unreadable(what: str, names: Sequence[str]) -> None:
    """End the command with code 1, naming the rows that could not be read; do nothing if there are none."""
    if names:
        say(f"{what} that cannot be read: {one_line(', '.join(names))}. See `rebuild --check`.", err=True)
        sys.exit(1)


class Refusal(click.ClickException):
    """Ends a command with sentences on standard error and code 1; they may quote what AWS or a file said."""

    def __init__(self, message: str) -> None:
        super().__init__(_lines(message))


def _lines(text: str) -> str:
    return "\n".join(map(one_line, text.split("\n")))


def _cell(value: Any) -> str:
    return "" if value is None else one_line(value)


def _replaced(text: str, escape: Any) -> str:
    return _MAYBE_UNSAFE.sub(lambda found: escape(found[0]) if _unsafe(found[0]) else found[0], text)


def _unsafe(letter: str) -> bool:
    return unicodedata.category(letter) in _UNSAFE_KINDS and letter not in _JOINERS


def _for_json(letter: str) -> str:
    code = ord(letter)
    if code <= _LARGEST:
        return f"\\u{code:04x}"
    high, low = divmod(code - 0x10000, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"
