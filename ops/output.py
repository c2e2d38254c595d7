r"""What the operator's commands print: for a person, or one JSON value a line for a machine.

Everything goes through here, and nothing that comes from outside can steer the terminal: an address, a source or a
type of event may hold an escape sequence, a mark that turns the text round, or a line break that begins a line of its
own. Such a letter is shown as what it is: `\x1b`, `\u202e`.
"""

import json
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import click

# Control characters of both sets, line and paragraph separators, halves of characters, and what is only there to
# format. The two joiners are letters of some scripts' words.
_UNSAFE_KINDS = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_JOINERS = "\u200c\u200d"
_MAYBE_UNSAFE = re.compile("[^ -~]")  # cheap: what is plain ASCII is let by
_EVERY = 500  # rows between two words about the progress
_LARGEST = 0xFFFF  # that one \uXXXX of JSON can say


def emit(value: Any) -> None:
    """One JSON value on one line, flushed, so that a pipe sees it at once. Read again, it is the same value."""
    click.echo(_replaced(json.dumps(value, ensure_ascii=False), _for_json))


def say(text: str = "", *, err: bool = False, bold: bool = False, red: bool = False) -> None:
    """Sentences of ours, of one or more lines; a text from outside in them goes through `one_line` first."""
    click.secho(_lines(text), err=err, bold=bold or None, fg="red" if red else None)


def under_way(text: str) -> None:
    """A line on standard error in the place of the one before; only for a terminal."""
    click.echo(f"\r\033[K{one_line(text)}", nl=False, err=True)


def counted_up() -> Callable[[int], None]:
    """A line on standard error that counts rows, for a person who waits; nothing where nobody looks."""
    if not sys.stderr.isatty():
        return lambda _rows: None

    def count(rows: int) -> None:
        if rows % _EVERY == 0:
            under_way(f"{rows:,} rows read")

    return count


def table(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], nothing: str) -> None:
    """Rows under their columns' names; the sentence `nothing` when there are none."""
    cells = [[_cell(row.get(column)) for column in columns] for row in rows]
    if not cells:
        say(nothing)
        return
    widths = [max(len(line[at]) for line in [list(columns), *cells]) for at in range(len(columns))]
    for line in [list(columns), *cells]:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def one_line(text: object) -> str:
    """A text from anywhere, as it may stand in a line of a terminal."""
    return _replaced(str(text), lambda letter: letter.encode("unicode_escape").decode())


def end_with_unreadable(what: str, names: Sequence[str]) -> None:
    """Code 1, and which they are, if there were rows that could not be read."""
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
