"""`python -m infra.package --stage prod`, also `make package STAGE=prod`."""

import sys
import time
from pathlib import Path

import click

from infra.package.build import STAGES, Wish, build
from infra.package.errors import PackageFailed
from infra.package.interpreter import CHOSEN, Interpreter, find
from infra.package.layout import BUILD, CACHE, ROOT
from infra.package.target import ARCHITECTURES, PREFERRED, Target


@click.command()
@click.option("--stage", type=click.Choice(STAGES), default="prod", show_default=True, help="which stage it is for")
@click.option(
    "--architecture",
    type=click.Choice(ARCHITECTURES),
    default=ARCHITECTURES[0],
    show_default=True,
    help="the processor of the functions; arm64 costs a fifth less",
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="where it goes  [default: build/STAGE]")
def main(stage: str, architecture: str, out: Path | None) -> None:
    """Make the deployable package and its template. Needs no AWS account; only the first run needs the network."""
    started = time.monotonic()
    out = (out or BUILD / stage).resolve()
    try:
        interpreter = find()
        target = Target(interpreter.python, architecture)
        click.echo(f"Packaging Spilno for stage '{stage}': {target}.")
        if not interpreter.preferred:
            click.echo(_makeshift(interpreter))
        manifest = build(Wish(ROOT, stage, target, interpreter, CACHE), out, click.echo)
    except PackageFailed as error:
        click.echo(f"Nothing was packaged. {error}", err=True)
        sys.exit(1)
    click.echo(f"\nDone in {time.monotonic() - started:.0f} s. In {_short(out)}/:")
    click.echo(f"  {manifest['zip']:<24}  the code of version {manifest['version']}")
    click.echo(f"  {'template.json':<24}  what CloudFormation makes of it")
    click.echo(f"  {'manifest.json':<24}  what it was made of")
    click.echo(f"Next: .venv/bin/python -m ops deploy --stage {stage}")


def _makeshift(interpreter: Interpreter) -> str:
    return (
        f"There is no Python {PREFERRED} on this machine, and bytecode needs a Python of the same version: so this is"
        f" for Lambda's python{interpreter.python}, the version that runs this. Should you want {PREFERRED}: install"
        f" it and package again, or name one: {CHOSEN}=/path/to/python{PREFERRED}"
    )


def _short(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


if __name__ == "__main__":
    main(prog_name="python -m infra.package")
