"""`python -m infra.package.fetch`: bring the wheels here, so that afterwards nothing needs a network."""

import sys

import click

from infra.package.errors import PackageFailed
from infra.package.interpreter import find, look_at
from infra.package.layout import CACHE
from infra.package.pinned import LOCK, read
from infra.package.target import ARCHITECTURES, SUPPORTED, Target
from infra.package.wheels import fetch


def main() -> None:
    """Fetch for both processors and for each Python that a package may be made with here."""
    try:
        here = [one.python for one in (find(), look_at(sys.executable)) if one and one.python in SUPPORTED]
        pins = read(LOCK.read_text(encoding="utf-8"))
        for target in [Target(python, one) for python in dict.fromkeys(here) for one in ARCHITECTURES]:
            click.echo(f"Wheels for {target} ...")
            fetch(pins, target, CACHE)
    except PackageFailed as error:
        click.echo(str(error), err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
