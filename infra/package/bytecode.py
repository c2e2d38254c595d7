"""Bytecode for everything that is shipped, written by a Python of the function's own version.

/var/task is read-only, so without it every cold start would compile anew. Python's usual bytecode carries its
source's time and size, and times do not survive packaging. Ours carries the source's hash instead (PEP 552),
*unchecked*: the package is one immutable file, so nothing could go stale, and comparing would mean to read and hash
every source at each cold start.

Of `WITHOUT_SOURCE` the bytecode alone is shipped, where Python looks for it when there is no source: `x.pyc` in the
place of `x.py`.
"""

import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from infra.package.errors import PackageFailed
from infra.package.interpreter import Interpreter
from infra.package.target import Target

# Where Lambda unpacks: tracebacks name these paths, and none of the machine that packaged.
TASK = "/var/task"

# Packages whose source stays out, a seventh of the whole (docs/decisions/0075 and 0085; Jinja and Babel, 0.2 MB, for
# the same reasons): it would only be shown in tracebacks, which we never log.
WITHOUT_SOURCE = ("Cryptodome/", "babel/", "jinja2/", "pydantic/", "stripe/")

# Nothing of the caller's environment reaches the compiler; sets in the code are written in one order.
_PLAIN = {"PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8"}

# One process compiles all, in the order of the names: what it writes depends on nothing else.
_COMPILE = """
import os, py_compile, sys
root, task = sys.argv[1:]
for name in sys.stdin.read().split("\\n"):
    if name:
        folder, base = os.path.split(name)
        into = os.path.join(root, folder, "__pycache__", base[:-3] + "." + sys.implementation.cache_tag + ".pyc")
        try:
            py_compile.compile(os.path.join(root, name), into, task + "/" + name, doraise=True, optimize=0,
                               invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
        except py_compile.PyCompileError as error:
            sys.exit(error.msg)
"""


def compiled(files: Mapping[str, bytes], interpreter: Interpreter, target: Target, cache: Path) -> dict[str, bytes]:
    """The bytecode of every `.py` among these files, by its path in the package.

    :raises PackageFailed: when a source does not compile on the target's Python, with what Python says.
    """
    names = sorted(name for name in files if name.endswith(".py"))
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        root = Path(folder)
        for name in names:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(files[name])
        done = subprocess.run(  # noqa: S603 - the interpreter that was found, with a script of our own
            [interpreter.path, "-s", "-S", "-P", "-W", "ignore", "-c", _COMPILE, str(root), TASK],
            input="\n".join(names), capture_output=True, text=True, check=False, cwd=root, env=_PLAIN,
        )  # fmt: skip
        if done.returncode:
            raise PackageFailed(f"Python {interpreter.full} does not compile this:\n{done.stderr.strip()}")
        return {_place(name, target): (root / _cached(name, target)).read_bytes() for name in names}


def with_source(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files without the sources that stay out."""
    return {
        name: content
        for name, content in files.items()
        if not (name.startswith(WITHOUT_SOURCE) and name.endswith(".py"))
    }


def _place(name: str, target: Target) -> str:
    return f"{name}c" if name.startswith(WITHOUT_SOURCE) else _cached(name, target)


def _cached(name: str, target: Target) -> str:
    folder, _, base = name.rpartition("/")
    return f"{folder}/__pycache__/{base[:-3]}.{target.tag}.pyc".lstrip("/")
