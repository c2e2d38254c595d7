"""What the operator's commands print: for a person, or one JSON value a line for a machine."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click


def emit(value: Any) -> None:
    """One JSON value on one line, flushed, so that a pipe sees it at once."""
    click.echo(json.dumps(value, ensure_ascii=False))


def table(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], nothing: str) -> None:
    """Rows under their columns' names; the sentence `nothing` when there are none."""
    cells = [[_cell(row.get(column)) for column in columns] for row in rows]
    if not cells:
        click.echo(nothing)
        return
    widths = [max(len(line[at]) for line in [list(columns), *cells]) for at in range(len(columns))]
    for line in [list(columns), *cells]:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _cell(value: Any) -> str:
    return "" if value is None else str(value)
