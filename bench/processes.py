"""Fresh processes of `.venv-bench` on a compiled copy of the code, as Lambda has it."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.cases import ENVIRONMENT, Event
from infra.package.ours import packed_texts

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / ".venv-bench" / "bin" / "python"
_COPIED = ("app.py", "chalicelib", "bench")
_COLLECTED = re.compile(r"Collected : (\d+)")


class EnvironmentMissing(Exception):
    """`.venv-bench` is not there."""


@dataclass(frozen=True)
class Bench:
    """A directory with a compiled copy of the code. `extra` is set beside the stage's own environment."""

    directory: Path
    python: Path = PYTHON

    def run(
        self,
        how: str,
        handler: str,
        events: Sequence[Event] = (),
        *,
        count: int = 0,
        extra: Mapping[str, str] | None = None,
    ) -> Any:
        """What `child.py` says.

        :raises RuntimeError: the process failed; with what it said.
        """
        return json.loads(self._started([], how, handler, events, count, extra or {}).stdout.splitlines()[-1])

    def instructions(self, handler: str, events: Sequence[Event], *, how: str = "cold", count: int = 0) -> int:
        """How many instructions the processor carried out in such a process, by valgrind's callgrind."""
        tool = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
        told = self._started(tool, how, handler, events, count, {"PYTHONHASHSEED": "0"}).stderr
        found = _COLLECTED.search(told)
        if not found:
            raise RuntimeError(told)
        return int(found[1])

    def _started(
        self, before: list[str], how: str, handler: str, events: Sequence[Event], count: int, extra: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        environ = {"PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1", **ENVIRONMENT, **extra}
        done = subprocess.run(  # noqa: S603 - our own program
            [*before, str(self.python), "-s", str(self.directory / "child.py"), how, handler],
            input=json.dumps({"events": list(events), "count": count}),
            capture_output=True,
            text=True,
            cwd=self.directory,
            env=environ,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{handler}, {how}: {done.stdout}{done.stderr}")
        return done


def has_valgrind() -> bool:
    """Whether instructions can be counted here."""
    return shutil.which("valgrind") is not None


@contextmanager
def open_bench(python: Path = PYTHON) -> Iterator[Bench]:
    """A compiled copy of the code, with hash-based bytecode as it is packaged; gone with the block.

    :raises EnvironmentMissing: with what to do.
    """
    if not python.exists():
        raise EnvironmentMissing("The benchmarks' environment is not there. `make bench` makes it.")
    with TemporaryDirectory(prefix="spilno-bench-") as directory:
        place = Path(directory)
        for name in _COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, place / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, place / name)
        shutil.copy(ROOT / "bench" / "child.py", place / "child.py")
        for language in list((place / "chalicelib" / "i18n").glob("*.toml")):  # as a package has them
            name = f"chalicelib/i18n/{language.name}"
            for packed, content in packed_texts({name: language.read_bytes()}):
                (place / packed).write_bytes(content)
            language.unlink()
        compiling = [str(python), "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", str(place)]
        subprocess.run(compiling, check=True, capture_output=True)  # noqa: S603 - our own interpreter
        yield Bench(place, python)
