"""`python -m elements`: builds the elements' scripts and says what they weigh."""

import gzip
from pathlib import Path

import click

from elements.build import write


def main() -> None:
    """Build, and print a line for each file."""
    for path in write():
        script = path.read_bytes()
        shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
        click.echo(f"{shown}: {len(script):,} bytes, {len(gzip.compress(script, 9)):,} gzipped")


if __name__ == "__main__":
    main()
