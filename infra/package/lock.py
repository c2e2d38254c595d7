"""`python -m infra.package.lock`: requirements.lock made anew from requirements.txt. Needs the package registry.

Every target is resolved on its own; all must come to the same versions, since one list serves them all.
"""

import json
import sys
import tempfile
from collections import defaultdict

import click
from packaging.utils import canonicalize_name

from infra.package.errors import PackageFailed
from infra.package.layout import ROOT
from infra.package.pinned import IN_LAMBDA, LOCK, Pin, asked, write
from infra.package.pip import pip, wheels_for
from infra.package.target import ARCHITECTURES, SUPPORTED, Target


def resolve(target: Target) -> dict[tuple[str, str], str]:
    """What pip would take for one target: (name, version) to the wheel's SHA-256.

    :raises PackageFailed: when a package has no wheel for it.
    """
    with tempfile.TemporaryDirectory() as nowhere:
        told = ["--dry-run", "--ignore-installed", "--quiet", "--report", "-", "--target", nowhere]
        done = pip("install", *told, *wheels_for(target), "--requirement", str(ROOT / "requirements.txt"))
    if done.returncode:
        raise PackageFailed(f"For {target}, pip says:\n{done.stderr.strip()}")
    found = {}
    for one in json.loads(done.stdout)["install"]:
        name = str(canonicalize_name(one["metadata"]["name"]))
        if name not in IN_LAMBDA:
            found[name, one["metadata"]["version"]] = one["download_info"]["archive_info"]["hashes"]["sha256"]
    return found


def lock() -> tuple[Pin, ...]:
    """All targets' pins as one list.

    :raises PackageFailed: when two targets come to different versions, or a package is needed on some only.
    """
    hashes: dict[tuple[str, str], set[str]] = defaultdict(set)
    first: dict[tuple[str, str], str] = {}
    for target in [Target(python, architecture) for python in SUPPORTED for architecture in ARCHITECTURES]:
        click.echo(f"Resolving for {target} ...")
        found = resolve(target)
        first = first or found
        if set(found) != set(first):
            unlike = ", ".join(f"{name} {version}" for name, version in sorted(set(found) ^ set(first)))
            raise PackageFailed(f"{target} needs other packages than the targets before it: {unlike}.")
        for key, value in found.items():
            hashes[key].add(value)
    return tuple(Pin(name, version, tuple(sorted(hashes[name, version]))) for name, version in sorted(hashes))


def main() -> None:
    """Write the lock, or end with a sentence and exit code 1."""
    try:
        asked((ROOT / "requirements.txt").read_text(encoding="utf-8"))
        pins = lock()
    except PackageFailed as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    LOCK.write_text(write(pins), encoding="utf-8")
    click.echo(f"{len(pins)} packages are in {LOCK.relative_to(ROOT)}. Commit it together with requirements.txt.")


if __name__ == "__main__":
    main()
