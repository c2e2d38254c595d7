"""Tables of text: for a terminal, and for a page of the docs between its markers."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


@dataclass(frozen=True)
class Table:
    """A heading, the columns' names, rows, and what to know. The first `words` columns are text, others numbers."""

    heading: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()
    words: int = 1

    def plain(self) -> str:
        """For a terminal."""
        table = [self.columns, *self.rows]
        widths = [max(len(row[at]) for row in table) for at in range(len(self.columns))]
        lines = [
            "  ".join(f"{cell:<{width}}" if at < self.words else f"{cell:>{width}}" for at, (cell, width) in cells)
            for cells in (enumerate(zip(row, widths, strict=True)) for row in table)
        ]
        lines = [line.rstrip() for line in lines]
        rule = "-" * max(len(line) for line in lines)
        return "\n".join([self.heading, "", lines[0], rule, *lines[1:], *(["", *self.notes] if self.notes else [])])

    def markdown(self) -> str:
        """For the docs."""
        rule = ["---" if at < self.words else "---:" for at in range(len(self.columns))]
        lines = [f"| {' | '.join(row)} |" for row in (self.columns, rule, *self.rows)]
        notes = [part for note in self.notes for part in ("", note)]
        return "\n".join([f"**{self.heading}**", "", *lines, *notes])


def plain(tables: Sequence[Table]) -> str:
    """Several, for a terminal."""
    return "\n\n".join(table.plain() for table in tables)


def markdown(tables: Sequence[Table], *last: str) -> str:
    """Several, for the docs, and what stands below all of them."""
    return "\n\n".join([*(table.markdown() for table in tables), *last])


def write_between(page: Path, text: str) -> None:
    """Put a text between the page's markers.

    :raises ValueError: the markers are not there, once each and in order.
    """
    before, begin, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{page} must hold {BEGIN} and {END}.")
    page.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")
