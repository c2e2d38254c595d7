"""The table of units: for a terminal, and for docs/units.md between its markers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.meter import Bill
from bench.tables import write_between
from bench.targets import GROWING, TARGETS

Bills = Mapping[str, Bill]


@dataclass(frozen=True)
class Run:
    """What was measured: on which engine and day, and the bills by operation for each number of supporters."""

    engine: str
    day: str
    bills: Mapping[int, Bills]

    @property
    def sizes(self) -> list[int]:
        """Numbers of supporters, the smallest first."""
        return sorted(self.bills)

    @property
    def operations(self) -> list[str]:
        """In the order they were measured."""
        return list(self.bills[self.sizes[0]])

    def of(self, operation: str) -> list[Bill]:
        """Its bills, by size."""
        return [self.bills[size][operation] for size in self.sizes]

    def verdict(self, operation: str) -> str:
        """`over` its target, `grows` with the number of supporters, does so and `may`, or `ok`."""
        bills = self.of(operation)
        target = TARGETS.get(operation)
        if target and not all(target.met_by(bill) for bill in bills):
            return "over"
        if all(bill.alike(bills[0]) for bill in bills):
            return "ok"
        return "may" if operation in GROWING else "grows"

    @property
    def failed(self) -> list[str]:
        """Operations over their target, or that grow and may not."""
        return [operation for operation in self.operations if self.verdict(operation) not in ("ok", "may")]


def header(run: Run) -> list[str]:
    """The columns' names."""
    sizes = [f"{size:,}".replace(",", " ") for size in run.sizes]
    return ["operation", *(f"read, {size}" for size in sizes), *(f"write, {size}" for size in sizes), "target", ""]


def rows(run: Run) -> list[list[str]]:
    """One row an operation."""
    told = []
    for operation in run.operations:
        bills = run.of(operation)
        units = [*(f"{bill.read:g}" for bill in bills), *(f"{bill.written:g}" for bill in bills)]
        told.append([operation, *units, str(TARGETS.get(operation, "")), run.verdict(operation)])
    return told


def footnotes(run: Run) -> list[str]:
    """How far the engine's own report and the rules agree."""
    requests = [request for bills in run.bills.values() for bill in bills.values() for request in bill.requests]
    reported = [request for request in requests if request.reported is not None]
    disputes = len([request for request in reported if request.disputed])
    agreed = (
        f"{len(requests)} requests. The engine told what {len(reported)} consumed, {disputes} times otherwise than "
        "AWS's rules have it. Of the others, whose condition did not hold, no engine reports anything."
    )
    return [f"Measured {run.day} on {run.engine}.", agreed]


def plain(run: Run) -> str:
    """For a terminal."""
    table = [header(run), *rows(run)]
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    lines = [_line(row, widths) for row in table]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:], "", *footnotes(run)])


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = zip(row, widths, strict=True)
    *numbers, target, verdict = others
    cells = [f"{first[0]:<{first[1]}}", *(f"{text:>{width}}" for text, width in numbers)]
    return "  ".join([*cells, *(f"{text:<{width}}" for text, width in (target, verdict))]).rstrip()


def markdown(run: Run) -> str:
    """For the docs."""
    names = header(run)
    rule = ["---", *("---:" for _ in names[1:-2]), "---", "---"]
    lines = [f"| {' | '.join(row)} |" for row in (names, rule, *rows(run))]
    return "\n".join([*lines, "", *footnotes(run)])


def write_into(page: Path, run: Run) -> None:
    """Put the table between the page's markers.

    :raises ValueError: see `write_between`.
    """
    write_between(page, markdown(run))
