"""Finding a Python of the version that the function will run on: only the same minor version writes its bytecode."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from infra.package.errors import PackageFailed
from infra.package.target import PREFERRED, SUPPORTED

CHOSEN = "SPILNO_PACKAGE_PYTHON"
_ASK = """
import json, sys
print(json.dumps([sys.implementation.name, "%d.%d" % sys.version_info[:2], "%d.%d.%d" % sys.version_info[:3],
                  sys.version_info.releaselevel, getattr(sys, "abiflags", ""), sys.executable]))
"""


class Interpreter(NamedTuple):
    """A CPython that can be started. `python` is `3.13`, `full` is `3.13.0`; `preferred` is False for a makeshift."""

    path: str
    python: str
    full: str
    preferred: bool = True


def find(environ: Mapping[str, str] | None = None, running: str = sys.executable) -> Interpreter:
    """The one that the operator names, else a Python 3.13 on this machine, else the one that runs this.

    :param environ: PATH, where version managers keep theirs, and SPILNO_PACKAGE_PYTHON; None: this process's.
    :raises PackageFailed: when the named one does not serve, or the running one is none that Lambda has.
    """
    env = os.environ if environ is None else environ
    if env.get(CHOSEN):
        return _named(env[CHOSEN])
    for path in (running, *_where(env)):
        found = look_at(path)
        if found and found.python == PREFERRED:
            return found
    makeshift = look_at(running)
    if makeshift is None or makeshift.python not in SUPPORTED:
        raise PackageFailed(
            f"There is no Python {PREFERRED} here, and the one that runs this is"
            f" {'a ' + makeshift.python if makeshift else 'no released CPython'}. Lambda and Chalice have"
            f" {', '.join(SUPPORTED)}. Install Python {PREFERRED}, or name one: {CHOSEN}=/path/to/python{PREFERRED}"
        )
    return makeshift._replace(preferred=False)


def look_at(path: str) -> Interpreter | None:
    """What this program is, or None when it is no plain, released CPython (a version manager's empty shim, say)."""
    try:
        done = subprocess.run(  # noqa: S603 - an interpreter of this machine, asked who it is
            [path, "-I", "-S", "-c", _ASK], capture_output=True, text=True, timeout=20, check=True, cwd="/"
        )
        name, python, full, level, flags, executable = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    # Lambda's Pythons have the global lock; a build without it ("t") takes other wheels.
    plain = name == "cpython" and level == "final" and flags == ""
    return Interpreter(executable, python, full) if plain else None


def _named(path: str) -> Interpreter:
    found = look_at(path)
    if found is None:
        raise PackageFailed(f"{CHOSEN} is '{path}', and that is no Python that starts. Name another, or unset it.")
    if found.python not in SUPPORTED:
        raise PackageFailed(
            f"{CHOSEN} is '{path}', a Python {found.python}. We can package for {', '.join(SUPPORTED)}."
        )
    return found


def _where(env: Mapping[str, str]) -> Iterator[str]:
    """Where a Python 3.13 may lie: on PATH, or where pyenv and uv install, the newest patch first."""
    for folder in env.get("PATH", "").split(os.pathsep):
        found = shutil.which(f"python{PREFERRED}", path=folder) if folder else None
        if found:
            yield found
    home = Path(env.get("HOME") or Path.home())
    pyenv = Path(env.get("PYENV_ROOT") or home / ".pyenv") / "versions"
    data = Path(env.get("XDG_DATA_HOME") or home / ".local" / "share")
    uv = Path(env.get("UV_PYTHON_INSTALL_DIR") or data / "uv" / "python")
    for folder_of, pattern in ((pyenv, f"{PREFERRED}.*"), (uv, f"cpython-{PREFERRED}.*")):
        if folder_of.is_dir():
            for version in sorted(folder_of.glob(pattern), key=_patch, reverse=True):
                yield str(version / "bin" / f"python{PREFERRED}")


def _patch(folder: Path) -> int:
    digits = folder.name.removeprefix("cpython-").removeprefix(f"{PREFERRED}.")
    digits = digits.split("-", 1)[0].split("+", 1)[0]
    return int(digits) if digits.isdigit() else -1
