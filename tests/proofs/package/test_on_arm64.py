"""The package of arm64, which is what is deployed, runs: by Debian's Python for it, on an emulated processor."""

import json
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from infra.package.layout import ROOT
from testkit.installed import installed
from testkit.packaged import packaged
from tests.proofs.package import running

ARM64 = ROOT / ".arm64" / "root"  # localdev/fetch-arm64.sh
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(400),
    pytest.mark.skipif(platform.machine() in ("aarch64", "arm64"), reason="test_runs.py runs it on this processor"),
]


def lacking(what: str) -> None:
    """Skip; in CI nothing is skipped."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(what)


@pytest.fixture(scope="module")
def python() -> list[str]:
    """The command of a Python for arm64."""
    emulator = installed("emulator of arm64", ["qemu-aarch64"], package="qemu-user")
    if not (ARM64 / "usr/bin/python3").exists():
        lacking("There is no Python for arm64. `make prove` fetches it where qemu-aarch64 is.")
    return [emulator, "-L", str(ARM64), str(ARM64 / "usr/bin/python3")]


@pytest.fixture(scope="module")
def environ() -> dict[str, str]:
    return {"PYTHONHOME": str(ARM64 / "usr")}


@pytest.fixture(scope="module")
def found(python: list[str], environ: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Any:
    ask = "import platform, sys; print(platform.machine(), '%d.%d' % sys.version_info[:2])"
    told = subprocess.run([*python, "-S", "-c", ask], capture_output=True, text=True, check=True, env=environ)
    machine, version = told.stdout.split()
    assert machine == "aarch64"
    here = next(
        (path for path in (sys.executable, shutil.which(f"python{version}")) if path and is_of(path, version)), ""
    )
    if not here:
        lacking(f"There is no Python {version} here, whose bytecode Debian's for arm64 reads.")
    task = running.laid(packaged("prod", "arm64", here), tmp_path_factory.mktemp("task"))
    own = running.lambdas_own(tmp_path_factory.mktemp("runtime"))
    return running.ran(python, task, own, environ)


def is_of(path: str, version: str) -> bool:
    ask = "import sys; print('%d.%d' % sys.version_info[:2])"
    told = subprocess.run([path, "-S", "-c", ask], capture_output=True, text=True, check=False)
    return told.stdout.strip() == version


def test_all_of_it_imports_and_the_gate_opens(found: Any) -> None:
    assert found["modules"] == len(list((ROOT / "chalicelib").rglob("*.py"))) - 1, "all but the package"
    assert found["answer"]["statusCode"] == 200
    assert json.loads(found["answer"]["body"])["open"]
    assert found["compiled"] == found["from_elsewhere"] == []


def test_it_seals_as_the_standard_says(found: Any) -> None:
    assert found["sealed"] == ["cea7403d4d606b6e074ec5d3baf39d18", "d0d1c8a799996bf0265b98b5d48ab919"]


def test_a_file_for_another_processor_would_not_load(
    python: list[str], environ: dict[str, str], tmp_path: Path
) -> None:
    """The negative control: the emulated processor takes no library of this machine's."""
    task = running.laid(packaged("prod", "x86_64"), tmp_path)
    ask = f"import ctypes; ctypes.CDLL({str(task / 'Cryptodome/Cipher/_raw_aes.abi3.so')!r})"
    told = subprocess.run([*python, "-S", "-c", ask], capture_output=True, text=True, check=False, env=environ)
    assert told.returncode == 1
    assert "_raw_aes.abi3.so: cannot open shared object file" in told.stderr or "ELF" in told.stderr
