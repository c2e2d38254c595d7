"""`python -m tests.mutants`: try the mutants of the rules of money and access, or compare two runs."""

import os
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import click

from tests.mutants import page, results
from tests.mutants.equivalent import equivalents
from tests.mutants.run import Options, tried
from tests.mutants.scope import AT_LEAST, ROOT, RULES, SHARE, files

_PAGE = ROOT / "docs" / "mutants.md"


@click.group()
def main() -> None:
    """Mutants: small mistakes in the rules of money and access, each of which some test must notice."""


@main.command()
@click.argument("tests", nargs=-1)
@click.option("--root", type=click.Path(path_type=Path), default=ROOT, help="The project's folder.")
@click.option("--rules", multiple=True, default=RULES, help="Files whose functions are mutated.", show_default=False)
@click.option("--share", default=SHARE, show_default=True, help="Per cent of each file's mutants.")
@click.option("--workers", default=2, show_default=True, help="Mutants at a time.")
@click.option("--seconds", default=10.0, show_default=True, help="What a mutant's tests may take together.")
@click.option("--patience", default=10.0, show_default=True, help="Seconds that each test has in any case.")
@click.option(
    "--like", type=click.Path(exists=True, path_type=Path), help="An earlier run: who noticed is asked first."
)
@click.option("--again", is_flag=True, help="Only those that survived in the run that --like names.")
@click.option("--into", type=click.Path(path_type=Path), default=ROOT / "build" / "mutants.json", help="Where to.")
@click.option("--deselect", multiple=True, help="Tests to leave out, as pytest names them.")
@click.option("--docs/--no-docs", default=True, help="Also write docs/mutants.md.")
def run(*, tests: tuple[str, ...], root: Path, like: Path | None, into: Path, docs: bool, **asked: Any) -> None:
    """Try the mutants against TESTS (all, if none are named); ends with code 1 if one is unnoticed."""
    started = time.monotonic()
    if asked["again"] and not like:
        raise click.UsageError("--again needs --like.")
    with tempfile.TemporaryDirectory() as folder:
        arguments = ["-qq", "-s", "-p", "no:cacheprovider", f"--rootdir={root}", f"--basetemp={folder}/tests"]
        arguments += [f"--deselect={name}" for name in asked["deselect"]]
        numbers = asked["share"], AT_LEAST, asked["workers"], asked["seconds"], asked["patience"]
        earlier = results.read(like) if like else []
        again = frozenset(one.id for one in earlier if one.outcome == "survived") if asked["again"] else frozenset()
        options = Options(root, files(root, asked["rules"]), *numbers, results.noticed(earlier), again, click.echo)
        found, unfit, code = tried(options, [*arguments, *(tests or [str(root / "tests")])])
    if code not in (0, 5):  # all is well, or as pytest sees it no test was run
        raise SystemExit(code)
    ones = [found.get(one.id, one) for one in earlier] if asked["again"] else list(found.values())
    results.write(into, ones, unfit, time.monotonic() - started)
    listed = equivalents()
    for line in (*page.survivors(ones, listed), *page.table(ones)):
        click.echo(line)
    click.echo(f"{len(unfit)} tests were not asked, as they fail or are skipped without any mutant.")
    click.echo(f"{time.monotonic() - started:.0f} s; kept in {into}")
    if docs:
        _PAGE.write_text(page.page(ones, listed), encoding="utf-8")
    sys.exit(1 if page.holes(ones, listed) else 0)


@main.command()
@click.argument("before", type=click.Path(exists=True, path_type=Path))
@click.argument("after", type=click.Path(exists=True, path_type=Path))
def compare(before: Path, after: Path) -> None:
    """Name what was noticed in the run BEFORE and is not in AFTER; ends with code 1 if there is such a one."""
    first, second = results.read(before), results.read(after)
    for name, ones in (("before", first), ("after", second)):
        count = list(results.counted(ones))[-1]
        click.echo(f"{name}: {count.mutants} mutants, {count.killed} killed, {count.survived} survived")
    found = list(results.worse(first, second))
    for line in found:
        click.echo(line)
    click.echo(f"{len(found)} more survive or are gone.")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    # Sets are walked in the same order in every run.
    if os.environ.get("PYTHONHASHSEED") != "0":
        again = [sys.executable, "-m", "tests.mutants", *sys.argv[1:]]
        os.execve(sys.executable, again, {**os.environ, "PYTHONHASHSEED": "0"})  # noqa: S606 - ourselves
    # Whoever ends this ends its children, too.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    main()
