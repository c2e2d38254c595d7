"""The benchmarks: `python -m bench --help`."""

import logging
import platform
import sys
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import click

from bench import cost_report, edge, engines, prices, speed_report, tables
from bench.cost import Handler
from bench.harness import open_till
from bench.jobs import jobs
from bench.lab import report as lab_report
from bench.lab import run as lab_run
from bench.lab.scenes import SCENES
from bench.meter import Bill
from bench.money import money
from bench.population import rows
from bench.processes import has_valgrind, open_bench
from bench.readers import readers
from bench.report import Run, plain, write_into
from bench.speed import Measuring, Rounds, Speed, instructions
from bench.workbench import open_workbench

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGE, SPEED_PAGE, COST_PAGE, LAB_PAGE = (DOCS / name for name in ("units.md", "speed.md", "cost.md", "lab.md"))
_DOCS = click.option("--docs/--no-docs", default=True, help="Also write the tables into docs/.")
SMALL, LARGE, LARGE_WITHOUT_DYNOXIDE = 1_000, 100_000, 5_000


@click.group()
def main() -> None:
    """What Spilno costs, measured."""
    logging.disable(logging.ERROR)  # alarms about made-up disputes are not news here


@main.command(name="all")
@_DOCS
def everything(*, docs: bool) -> None:
    """Units, speed, pages and cost, in some eight minutes. Exits 1 when a target is missed on whatever machine."""
    with ThreadPoolExecutor(1) as aside, open_bench() as bench:
        # The units take no times, so that counting instructions may go on beside them.
        counted = aside.submit(instructions, bench, threads=1) if has_valgrind() else None
        over = _units((), docs=docs)
        told = _speed(docs=docs, counted=counted.result() if counted else {})
    over += speed_report.failed(told) + _lab(docs=docs)
    _cost(_handlers(told), docs=docs)
    _end(over)


@main.command()
@click.option("--supporters", type=int, multiple=True, help="Table sizes to compare. Default: 1 000 and 100 000.")
@_DOCS
def units(*, supporters: tuple[int, ...], docs: bool) -> None:
    """Read and write units of every operation, in a small and in a large table. Exits 1 when a target is missed."""
    _end(_units(supporters, docs=docs))


@main.command()
@_DOCS
def speed(*, docs: bool) -> None:
    """Our paths beside the peers', cold and warm; some two minutes."""
    counted: Mapping[str, float] = {}
    if has_valgrind():
        click.echo("Counting instructions.", err=True)
        with open_bench() as bench:
            counted = instructions(bench)
    _end(speed_report.failed(_speed(docs=docs, counted=counted)))


@main.command()
@_DOCS
def lab(*, docs: bool) -> None:
    """Pages in Chromium as a slow phone loads them; some three minutes. Exits 1 when a page is over its budget."""
    _end(_lab(docs=docs))


@main.command()
@click.option("--docs/--no-docs", default=False, help="Also write the tables into docs/cost.md.")
def cost(*, docs: bool) -> None:
    """What a month costs, by the units of docs/units.md and the prices of bench/prices.toml; takes no time."""
    _cost({}, docs=docs)


@main.command()
@click.option("--seconds", default=30, show_default=True, help="How long to drive.")
@click.option("--users", default=12, show_default=True, help="How many readers at once.")
def load(*, seconds: int, users: int) -> None:
    """Drive a local stack with readers who give, read, sign in; check the books. Exits 1 when anything is wrong."""
    from bench.load import drive, told

    with tempfile.TemporaryDirectory(prefix="spilno-load-") as name:
        directory = Path(name)
        click.echo("Looking for a stack, or starting one ...", err=True)
        with drive.place(directory) as at:
            click.echo(f"{users} readers for {seconds} s on {at.app} ...", err=True)
            outcome = drive.drive(at, directory, users=users, seconds=seconds)
    click.echo(told.plain(outcome))
    sys.exit(0 if outcome.good else 1)


def _end(over: list[str]) -> None:
    if over:
        click.echo(f"Over its target: {', '.join(over)}.", err=True)
    sys.exit(1 if over else 0)


def _units(supporters: tuple[int, ...], *, docs: bool) -> list[str]:
    dynoxide = engines.has_dynoxide()
    sizes = supporters or (SMALL, LARGE if dynoxide else LARGE_WITHOUT_DYNOXIDE)
    if not dynoxide:
        click.echo(
            f"The second engine is not there (npm fetches it, and is not there): measuring on ministack, {sizes[-1]} "
            "supporters at most.",
            err=True,
        )
    run = Run(
        engines.name(dynoxide=dynoxide),
        f"{datetime.now(UTC):%Y-%m-%d}",
        {size: _measured(size, dynoxide=dynoxide) for size in sorted(set(sizes))},
    )
    click.echo(f"{plain(run)}\n")
    if docs:
        write_into(PAGE, run)
    return run.failed


def _speed(*, docs: bool, counted: Mapping[str, float]) -> Speed:
    with tempfile.TemporaryDirectory() as directory, open_bench() as bench, open_till(Path(directory)) as harness:
        steps = Measuring(bench, Rounds(), lambda: None).steps
        with click.progressbar(length=steps, label="in turns, ours and the peers'", file=sys.stderr) as bar:
            told = Measuring(bench, Rounds(), lambda: bar.update(1)).everything(harness)
    told.instructions = counted
    click.echo("The gate at the edge: node, njs, nginx.", err=True)
    told.edge = edge.measured()
    shown = speed_report.tables(told)
    where = f"Python {platform.python_version()}, {platform.machine()}, {datetime.now(UTC):%Y-%m-%d}."
    click.echo(f"{tables.plain(shown)}\n\nMeasured with {where}\n")
    if docs:
        tables.write_between(SPEED_PAGE, tables.markdown(shown, f"Measured with {where}"))
    return told


def _lab(*, docs: bool) -> list[str]:
    if not lab_run.has_chromium():
        click.echo("There is no Chromium (Debian: apt-get install chromium): pages are not measured.", err=True)
        return []
    with click.progressbar(
        length=lab_run.ROUNDS * len(SCENES), label="pages on a slow phone", file=sys.stderr
    ) as bar:
        visits = lab_run.measured(lambda: bar.update(1))
    shown = lab_report.tables(visits)
    where = f"Measured with {platform.machine()}, {datetime.now(UTC):%Y-%m-%d}, {lab_run.ROUNDS} visits each."
    click.echo(f"{tables.plain(shown)}\n\n{where}\n")
    if docs:
        tables.write_between(LAB_PAGE, tables.markdown(shown, where))
    return lab_report.failed(visits)


def _handlers(told: Speed) -> Mapping[str, Handler]:
    cold, warm = told.cold["cpu_ms"], told.warm["gate"]
    return {name: Handler(cold[name].median, warm[name].median / 1000) for name in cold}


def _cost(handlers: Mapping[str, Handler], *, docs: bool) -> None:
    shown = cost_report.tables(cost_report.units_of(PAGE), prices.read(), handlers)
    click.echo(tables.plain(shown))
    if docs:
        tables.write_between(COST_PAGE, tables.markdown(shown))


def _measured(size: int, *, dynoxide: bool) -> dict[str, Bill]:
    began = time.monotonic()
    # Counts supporters as they are laid out; the engine may take some time more after the last one.
    people = click.progressbar(range(size), label=f"{size} supporters", file=sys.stderr)
    with (
        tempfile.TemporaryDirectory() as directory,
        people,
        engines.populated(Path(directory), rows(people), dynoxide=dynoxide) as engine,
        open_workbench(engine, engines.TABLE) as workbench,
    ):
        click.echo(f"  in the table after {time.monotonic() - began:.0f} s; measuring", err=True)
        return {measured.name: measured.bill for work in (money, readers, jobs) for measured in work(workbench)}


if __name__ == "__main__":
    main(prog_name="bench")
