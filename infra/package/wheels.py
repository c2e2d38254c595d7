"""The wheels of the pinned packages for one target, fetched once and kept under build/."""

import hashlib
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path
from zipfile import ZipFile

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

from infra.package.errors import PackageFailed
from infra.package.pinned import IN_LAMBDA, RENEW, Pin, write
from infra.package.pip import pip, wheels_for
from infra.package.target import Target

_NO_WHEEL = re.compile(r"No matching distribution found for ([A-Za-z0-9._-]+)")
_UNREACHABLE = ("Retrying (Retry(", "ConnectionError", "Temporary failure in name resolution", "Max retries exceeded")


def fetch(pins: Sequence[Pin], target: Target, cache: Path) -> list[Path]:
    """The wheels, in the order of `pins`; from `cache` when they lie there with the right hashes.

    :raises PackageFailed: naming the package that has no wheel for the target, or the wheel with another hash.
    """
    kept = _kept(pins, target, cache)
    if not _complete(kept, pins):
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as fresh:
            _download(pins, target, Path(fresh))
            if not _complete(Path(fresh), pins):
                raise PackageFailed(f"What pip fetched are not the wheels of the lock. Renew it: {RENEW}")
            shutil.rmtree(kept, ignore_errors=True)
            shutil.copytree(fresh, kept)
    by_name = _by_name(kept)
    return [by_name[pin.name] for pin in pins]


def here(pins: Sequence[Pin], target: Target, cache: Path) -> bool:
    """Whether `fetch` would need no network."""
    return _complete(_kept(pins, target, cache), pins)


def closed(wheels: Sequence[Path], target: Target) -> None:
    """Look whether everything that the wheels need is among them or in Lambda, as they themselves say.

    :raises PackageFailed: naming what is needed and missing, or there in another version than it must be.
    """
    told = [_metadata(wheel) for wheel in wheels]
    there = {str(canonicalize_name(one["Name"])): str(one["Version"]) for one in told}
    for one in told:
        for text in one.get_all("Requires-Dist") or []:
            needs = Requirement(text)
            if needs.marker and not needs.marker.evaluate(dict(_environment(target))):
                continue
            name = str(canonicalize_name(needs.name))
            if name in IN_LAMBDA:
                continue
            if name not in there:
                raise PackageFailed(f"{one['Name']} needs {text}, and the lock does not have it. Renew it: {RENEW}")
            if there[name] not in needs.specifier:
                raise PackageFailed(f"{one['Name']} needs {text}, and the lock has {there[name]}. Renew it: {RENEW}")


def _download(pins: Sequence[Pin], target: Target, into: Path) -> None:
    """Ask pip for exactly these files. It goes by the lock alone, without looking for what else may be needed."""
    listed = into / "requirements.txt"
    listed.write_text(write(pins), encoding="utf-8")
    done = pip(
        "download", "--quiet", "--no-deps", "--require-hashes", *wheels_for(target),
        "--dest", str(into), "--requirement", str(listed),
    )  # fmt: skip
    listed.unlink()
    if done.returncode == 0:
        return
    if any(sign in done.stderr for sign in _UNREACHABLE):
        raise PackageFailed("The package registry does not answer pip. Try again when it does; nothing was packaged.")
    missing = _NO_WHEEL.search(done.stderr)
    if missing:
        named = str(canonicalize_name(missing[1]))
        pin = next((str(pin) for pin in pins if pin.name == named), named)
        raise PackageFailed(
            f"There is no wheel of {pin} for {target}. A package that would have to be compiled from source is not"
            " shipped: choose a version that has wheels, or another target."
        )
    if "DO NOT MATCH THE HASHES" in done.stderr:
        raise PackageFailed(f"The registry has another file than the lock names. pip says:\n{done.stderr.strip()}")
    raise PackageFailed(f"pip could not fetch the wheels. It says:\n{done.stderr.strip()}")


def _kept(pins: Sequence[Pin], target: Target, cache: Path) -> Path:
    key = hashlib.sha256(write(pins).encode()).hexdigest()[:12]
    return cache / f"wheels-{target.runtime}-{target.architecture}-{key}"


def _complete(folder: Path, pins: Sequence[Pin]) -> bool:
    if not folder.is_dir():
        return False
    by_name = _by_name(folder)
    return set(by_name) == {pin.name for pin in pins} and all(
        hashlib.sha256(by_name[pin.name].read_bytes()).hexdigest() in pin.hashes for pin in pins
    )


def _by_name(folder: Path) -> Mapping[str, Path]:
    return {str(parse_wheel_filename(path.name)[0]): path for path in sorted(folder.glob("*.whl"))}


def _metadata(wheel: Path) -> Message:
    with ZipFile(wheel) as opened:
        name = next(one for one in opened.namelist() if one.endswith(".dist-info/METADATA") and one.count("/") == 1)
        return HeaderParser().parsestr(opened.read(name).decode())


def _environment(target: Target) -> Mapping[str, str]:
    """The target in the words of a requirement's marker, whatever this machine is."""
    return {
        "implementation_name": "cpython",
        "implementation_version": f"{target.python}.0",
        "os_name": "posix",
        "platform_machine": target.machine,
        "platform_python_implementation": "CPython",
        "platform_release": "",
        "platform_system": "Linux",
        "platform_version": "",
        "python_full_version": f"{target.python}.0",
        "python_version": target.python,
        "sys_platform": "linux",
        "extra": "",
    }
