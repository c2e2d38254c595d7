"""What the function carries beside our own code: exact versions, each with the hashes of the wheels that may be used.

requirements.txt names what we ask for; requirements.lock, made from it, names all that comes along. A package is then
the same today and in a year, and nobody between the registry and us can slip in another file.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from packaging.utils import canonicalize_name

from infra.package.errors import PackageFailed

LOCK = Path(__file__).with_name("requirements.lock")
RENEW = "python -m infra.package.lock"

# Lambda's Python runtimes bring these (boto3 and what it needs), so no package carries them. Where they differ from
# what a requirement would like, Lambda's are what runs: `requests` takes urllib3 1.26 and any 2.x.
# Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-python.html#python-sdk-included
IN_LAMBDA = frozenset({"boto3", "botocore", "jmespath", "python-dateutil", "s3transfer", "six", "urllib3"})

_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([A-Za-z0-9.!+_-]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


class Pin(NamedTuple):
    """One package. `hashes` are SHA-256 in hexadecimal, one for each wheel that some target uses."""

    name: str
    version: str
    hashes: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


def read(text: str) -> tuple[Pin, ...]:
    """A lock file's pins.

    :raises PackageFailed: for a line that is no exact version with hashes.
    """
    pins = []
    for line in text.replace("\\\n", " ").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        named, hashes = _PIN.match(line), tuple(_HASH.findall(line))
        if not named or not hashes:
            raise PackageFailed(f"requirements.lock has '{line.strip()}'. Make it anew: {RENEW}")
        pins.append(Pin(canonicalize_name(named[1]), named[2], hashes))
    return tuple(pins)


def write(pins: Sequence[Pin]) -> str:
    """The lock file's text, in the form that `pip install --require-hashes` reads."""
    head = f"# Made by `{RENEW}` from requirements.txt: do not edit. The hashes are those of the wheels for each\n"
    head += "# Python and processor that we package for; what Lambda's own runtime brings along is left out.\n"
    lines = [
        f"{pin.name}=={pin.version}" + "".join(f" \\\n    --hash=sha256:{one}" for one in pin.hashes) for pin in pins
    ]
    return head + "\n".join(lines) + "\n"


def asked(requirements: str) -> Mapping[str, str]:
    """What requirements.txt pins, name to version.

    :raises PackageFailed: for a line that is not `name==version`.
    """
    found = {}
    for line in requirements.splitlines():
        wanted = line.partition("#")[0].strip()
        if not wanted:
            continue
        pinned = _PIN.fullmatch(wanted)
        if not pinned:
            raise PackageFailed(f"requirements.txt has '{wanted}'. Write an exact version: name==1.2.3")
        found[str(canonicalize_name(pinned[1]))] = pinned[2]
    return found


def agree(pins: Sequence[Pin], requirements: str) -> None:
    """Hold the lock against requirements.txt.

    :raises PackageFailed: naming the first package that the lock has not, or has in another version.
    """
    locked = {pin.name: pin.version for pin in pins}
    for name, version in sorted(asked(requirements).items()):
        if name not in IN_LAMBDA and locked.get(name) != version:
            has = f"has {locked[name]}" if name in locked else "does not have it"
            raise PackageFailed(f"requirements.txt asks for {name} {version}, and the lock {has}. Renew it: {RENEW}")
