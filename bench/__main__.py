"""The benchmarks: `python -m bench --help`."""

import logging
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import click

from bench import engines
from bench.desk import open_desk
from bench.meter import Bill
from bench.money import money
from bench.population import rows
from bench.readers import readers
from bench.report import Run, plain, write_into

PAGE = Path(__file__).resolve().parent.parent / "docs" / "units.md"
SMALL, LARGE, LARGE_WITHOUT_DYNOXIDE = 1_000, 100_000, 5_000


@click.group()
def main() -> None:
    """What Spilno costs, measured."""
    logging.disable(logging.ERROR)  # alarms about made-up disputes are not news here


@main.command()
@click.option("--supporters", type=int, multiple=True, help="Table sizes to compare. Default: 1 000 and 100 000.")
@click.option("--docs/--no-docs", default=True, help="Also write the table into docs/units.md.")
def units(*, supporters: tuple[int, ...], docs: bool) -> None:
    """Read and write units of every operation, in a small and in a large table. Exits 1 when a target is missed."""
    dynoxide = engines.has_dynoxide()
    sizes = supporters or (SMALL, LARGE if dynoxide else LARGE_WITHOUT_DYNOXIDE)
    if not dynoxide:
        click.echo(
            f"The second engine is not there (`make test-dynoxide` fetches it): measuring on ministack, {sizes[-1]} "
            "supporters at most.",
            err=True,
        )
    run = Run(
        engines.name(dynoxide=dynoxide),
        f"{datetime.now(UTC):%Y-%m-%d}",
        {size: _measured(size, dynoxide=dynoxide) for size in sorted(set(sizes))},
    )
    click.echo(plain(run))
    if docs:
        write_into(PAGE, run)
    sys.exit(1 if run.failed else 0)


def _measured(size: int, *, dynoxide: bool) -> dict[str, Bill]:
    began = time.monotonic()
    # Counts supporters as they are laid out; the engine may take some time more after the last one.
    people = click.progressbar(range(size), label=f"{size} supporters", file=sys.stderr)
    with (
        tempfile.TemporaryDirectory() as directory,
        people,
        engines.populated(Path(directory), rows(people), dynoxide=dynoxide) as engine,
        open_desk(engine, engines.TABLE) as desk,
    ):
        click.echo(f"  in the table after {time.monotonic() - began:.0f} s; measuring", err=True)
        return {measured.name: measured.bill for work in (money, readers) for measured in work(desk)}


if __name__ == "__main__":
    main(prog_name="bench")
