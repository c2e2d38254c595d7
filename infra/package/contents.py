"""What of a wheel goes into the package, and why the rest stays out."""

import re
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

from infra.package.errors import PackageFailed
from infra.package.target import Target

# What no request reaches, with the reason. tests/package shows each by the packages' own source, tests/proofs/package
# by importing all of our code from the packaged tree, tests/deployed by the story that runs on it.
LEFT_OUT: Mapping[str, str] = {
    "*.pyi": "for type checkers",
    "*/py.typed": "the same",
    "*.c": "source of what is compiled beside it",
    "*.pyx": "the same",
    "*.h": "the same",
    "*/tests/*": "a package's own tests",
    "*/test/*": "the same",
    "babel/messages/*": "extracts texts from source when somebody translates; nothing else of babel imports it",
    "babel/locale-data/*": "other languages than ours: see `locales`",
    "charset_normalizer/cli/*": "a command",
    "pydantic/mypy.py": "a plugin for the type checker",
    "pydantic/v1/*": "the old pydantic, imported only for a type with __get_validators__; ours have none",
    "publicsuffixlist/test.py": "the package's own tests",
    "publicsuffixlist/test_psl.txt": "the same",
    "publicsuffixlist/update.py": "a command that fetches a newer list; ours comes with the next version",
    "publicsuffixlist/compat.py": "the names of another library; nothing of ours imports it",
    "stripe/params/*": "types of parameters, imported only under TYPE_CHECKING",
    "stripe/events/*": "Stripe's v2 events, imported only when one is parsed; we speak v1",
    "tzdata/zoneinfo/*.tab": "tables for people; `zoneinfo` reads the zones' own files",
    "tzdata/zoneinfo/*.zi": "the source of the zones beside it",
    "tzdata/zoneinfo/leapseconds": "the same",
}
# Of these packages we use one thing, so that what goes in is named instead, by the folder that each brings.
# pycryptodomex: AES-GCM (docs/decisions/0085). Its code for processors that have AES built in stays out: the wheel
# for arm64 has none, and so both processors run the same, of which the tests on either speak.
ONLY: Mapping[str, tuple[str, ...]] = {
    "Cryptodome": (
        "__init__.py",
        "Cipher/__init__.py",
        "Cipher/AES.py",
        "Cipher/_mode_ctr.py",
        "Cipher/_mode_ecb.py",
        "Cipher/_mode_gcm.py",
        "Cipher/_raw_aes.abi3.so",
        "Cipher/_raw_ctr.abi3.so",
        "Cipher/_raw_ecb.abi3.so",
        "Hash/__init__.py",
        "Hash/BLAKE2s.py",
        "Hash/_BLAKE2s.abi3.so",
        "Hash/_ghash_portable.abi3.so",
        "Random/__init__.py",
        "Util/__init__.py",
        "Util/_cpu_features.py",
        "Util/_cpuid_c.abi3.so",
        "Util/_file_system.py",
        "Util/_raw_api.py",
        "Util/number.py",
        "Util/py3compat.py",
    ),
}
# Nothing reads `*.dist-info` at run time, but the licences want to travel along: they are put together into one file.
_LICENCE = re.compile(
    r"(?:^|/)(?:licen[cs]es/.*|(?:LICEN[CS]E|COPYING|NOTICE|AUTHORS)[^/]*)(?<!\.py)$", re.IGNORECASE
)
_SPREAD = re.compile(r"^[^/]+\.data/(?:purelib|platlib)/")
_SCRIPTS = re.compile(r"^[^/]+\.data/(?:scripts|headers|data)/")
_HERE = "infra/package/contents.py"
_ELF_MACHINE = {"aarch64": 0xB7, "x86_64": 0x3E}  # e_machine, ELF header bytes 18 and 19


class Unpacked(NamedTuple):
    """`files` by their path in the package; `licences` are texts, each with a heading."""

    files: Mapping[str, bytes]
    licences: Sequence[str]


def unpacked(wheels: Iterable[Path], languages: Sequence[str], target: Target) -> Unpacked:
    """All of these wheels that the function carries.

    :param languages: the languages that the app speaks, as Babel names them.
    :raises PackageFailed: when two wheels bring the same file, a native one is for another target, or one of `ONLY`
        lacks a file that is named there.
    """
    kept: dict[str, bytes] = {}
    licences: list[str] = []
    for wheel in wheels:
        everything = _all_of(wheel)
        locales = _locales(everything, languages)
        _all_that_is_named(wheel, everything)
        for name, content in everything.items():
            if _LICENCE.search(name):
                licences.append(licence(wheel.name.rsplit("-", 3)[0], name, content))
            elif name in locales or (not left_out(name) and ".dist-info/" not in name):
                if name in kept:
                    raise PackageFailed(f"{wheel.name} and a package before it both bring {name}.")
                fits(name, content, target)
                kept[name] = content
    return Unpacked(kept, licences)


def left_out(name: str) -> bool:
    """Whether one of the rules keeps this file out."""
    package, _, inside = name.partition("/")
    if package in ONLY:
        return inside not in ONLY[package]
    return any(fnmatchcase(name, rule) for rule in LEFT_OUT)


def licence(package: str, name: str, content: bytes) -> str:
    """One licence with a heading of whose it is."""
    heading = f"{package}: {name.rpartition('/')[2]}"
    return f"{heading}\n{'=' * len(heading)}\n{content.decode('utf-8').strip()}\n"


def fits(name: str, content: bytes, target: Target) -> None:
    """Look whether a native file would load there; anything else fits.

    :raises PackageFailed: naming the file.
    """
    if ".so" not in Path(name).suffixes:
        return
    machine = int.from_bytes(content[18:20], "little") if content[:4] == b"\x7fELF" else None
    tagged = f".{target.tag}-" in name or ".abi3." in name
    if machine != _ELF_MACHINE[target.machine] or not tagged:
        raise PackageFailed(f"{name} is not made for {target}.")


def _all_of(wheel: Path) -> dict[str, bytes]:
    with ZipFile(wheel) as opened:
        names = [info.filename for info in opened.infolist() if not info.is_dir()]
        return {_SPREAD.sub("", name): opened.read(name) for name in names if not _SCRIPTS.match(name)}


def _all_that_is_named(wheel: Path, everything: Mapping[str, bytes]) -> None:
    for package, named in ONLY.items():
        missing = sorted({f"{package}/{one}" for one in named} - set(everything))
        if missing and any(name.startswith(f"{package}/") for name in everything):
            raise PackageFailed(f"{wheel.name} has no {missing[0]} any more. Look through ONLY in {_HERE}.")


def _locales(everything: Mapping[str, bytes], languages: Sequence[str]) -> set[str]:
    """Babel's data of our languages and of what they inherit from.

    That is `root`: ours are bare names (uk, en); only names with a region or a script inherit from another language.
    """
    if "babel/core.py" not in everything:
        return set()
    wanted = {f"babel/locale-data/{name}.dat" for name in ("root", *languages)}
    missing = wanted - set(everything)
    if missing:
        raise PackageFailed(f"Babel has no {min(missing)}, so the app would not speak one of its languages.")
    strange = [name for name in languages if not name.isalpha()]
    if strange:
        raise PackageFailed(f"'{strange[0]}' inherits from another language; teach {_HERE} which.")
    return wanted
