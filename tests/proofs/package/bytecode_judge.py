"""Judges the bytecode in a package: `python bytecode_judge.py ZIP`, run by a Python of the package's own version.

Prints what is wrong, a line each. Uses the standard library alone, since that Python has nothing else.
"""

import importlib.util
import marshal
import sys
from types import CodeType
from zipfile import ZipFile

UNCHECKED = 0b01  # PEP 552: by hash, and not compared at import


def faults(package: str) -> list[str]:
    found = []
    with ZipFile(package) as opened:
        names = set(opened.namelist())
        for source in sorted(name for name in names if name.endswith(".py")):
            cached = importlib.util.cache_from_source(source)
            if cached not in names:
                found.append(f"{source} has no bytecode for this Python")
                continue
            names.remove(cached)
            found += [f"{cached}: {fault}" for fault in judged(source, opened.read(source), opened.read(cached))]
        for name in sorted(names):
            if name.endswith(".pyc") and "__pycache__" in name:
                found.append(f"{name} belongs to no source or to another Python")
            elif name.endswith(".pyc"):
                found += [f"{name}: {fault}" for fault in judged(name[:-1], None, opened.read(name))]
    return found


def judged(name: str, source: bytes | None, cached: bytes) -> list[str]:
    found = []
    if cached[:4] != importlib.util.MAGIC_NUMBER:
        return ["another Python's magic number"]
    if int.from_bytes(cached[4:8], "little") != UNCHECKED:
        found.append("checked by time, or compared at import")
    if source is not None and cached[8:16] != importlib.util.source_hash(source):
        found.append("the hash of another source")
    paths = set(filenames(marshal.loads(cached[16:])))  # noqa: S302 - it is our own package that is judged
    if paths != {f"/var/task/{name}"}:
        found.append(f"names {sorted(paths)}")
    return found


def filenames(code: CodeType) -> list[str]:
    inner = [const for const in code.co_consts if isinstance(const, CodeType)]
    return [code.co_filename, *(name for one in inner for name in filenames(one))]


if __name__ == "__main__":
    sys.stdout.write("".join(f"{fault}\n" for fault in faults(sys.argv[1])))
